import type { Program } from './program.js';

/** Entries beyond which nothing more is remembered: 64 MiB or so. Only programs that ask for groups come near. */
const MOST_ENTRIES = 2 ** 20;

/** Remembers which states were entered at which positions, and with which values of the groups that the program asks for. */
export class Visited {
  /** A bit for each state and position, of programs that ask for no group. */
  #bits = new Uint32Array(0);
  /** The entries of those that do. */
  readonly #entries = new Set<number>();
  /** A number for each combination of values. */
  readonly #values = new Map<string, number>();
  #program: Program | undefined;
  #positions = 0;
  #marks = 0;
  /** What was entered since the first mark, perhaps to be forgotten. */
  readonly #entered: number[] = [];

  /** Starts anew. */
  begin(program: Program, positions: number): void {
    this.#program = program;
    this.#positions = positions;
    this.#entered.length = 0;
    this.#marks = 0;
    this.#entries.clear();
    this.#values.clear();
    if (program.asked.length > 0) return;
    const words = Math.ceil((program.stateCount * positions) / 32);
    if (words > this.#bits.length) this.#bits = new Uint32Array(words);
    else this.#bits.fill(0, 0, words);
  }

  /** False if the state was entered at this position before. */
  enter(state: number, position: number, slots: Int32Array): boolean {
    const { asked, stateCount } = this.#program as Program;
    const entry = state * this.#positions + position;
    if (asked.length === 0) return this.#enterBit(entry);
    const value = this.#valueOf(asked.map((slot) => slots[slot]).join());
    return this.#enterKey(value * stateCount * this.#positions + entry);
  }

  #valueOf(text: string): number {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    this.#values.set(text, this.#values.size);
    return this.#values.size - 1;
  }

  #enterBit(bit: number): boolean {
    const word = Math.floor(bit / 32);
    const mask = 1 << (bit & 31);
    if (((this.#bits[word] as number) & mask) !== 0) return false;
    this.#bits[word] = (this.#bits[word] as number) | mask;
    if (this.#marks > 0) this.#entered.push(bit);
    return true;
  }

  #enterKey(key: number): boolean {
    if (this.#entries.has(key)) return false;
    if (this.#entries.size < MOST_ENTRIES) this.#entries.add(key);
    if (this.#marks > 0) this.#entered.push(key);
    return true;
  }

  /** Each mark is followed by one `keep` or `forget`. */
  mark(): number {
    this.#marks++;
    return this.#entered.length;
  }

  /** What was entered since a mark led nowhere, and never will. */
  keep(): void {
    this.#marks--;
  }

  /** Forgets what was entered since a mark: a way that led to a success may be taken again. */
  forget(mark: number): void {
    this.#marks--;
    const isKeyed = (this.#program as Program).asked.length > 0;
    while (this.#entered.length > mark) {
      const entry = this.#entered.pop() as number;
      if (isKeyed) this.#entries.delete(entry);
      else this.#clearBit(entry);
    }
  }

  #clearBit(bit: number): void {
    const word = Math.floor(bit / 32);
    this.#bits[word] = (this.#bits[word] as number) & ~(1 << (bit & 31));
  }
}
