import { asciiTable, type CharSet } from './charset.js';
import { unicodeSet } from './emit-set.js';
import { unfold } from './fold.js';

/** Answers that are remembered for one set: log lines hold few different letters, an attacker's may hold many. */
const REMEMBERED = 4096;

/** Whether a character is in a set. */
export class SetTest {
  /** Of ASCII. */
  readonly table: Uint8Array;
  readonly #set: CharSet;
  readonly #known = new Map<number, boolean>();
  #pattern: RegExp | undefined;

  constructor(set: CharSet) {
    this.#set = set;
    this.table = asciiTable(unfold(set));
  }

  has(code: number): boolean {
    return code < 0x80 ? this.table[code] === 1 : (this.#known.get(code) ?? this.#ask(code));
  }

  #ask(code: number): boolean {
    this.#pattern ??= new RegExp(unicodeSet(this.#set), 'u');
    const answer = this.#pattern.test(String.fromCodePoint(code));
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(code, answer);
    return answer;
  }
}
