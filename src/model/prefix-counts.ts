import type { Prefix } from './prefix.js';

/** Slots to begin with; always a power of two. */
const FIRST = 1024;

/** Of all slots so many may be taken, so that a search ends soon. */
const FULL = 0.75;

/** Distinct prefixes that are counted: 10 bytes a slot, 80 MiB at most while the last doubling lasts. */
const MOST = 3_000_000;

/** What a count stops at. */
const HIGHEST = 65_535;

/**
 * How often prefixes were seen, of millions of them, in some 20 bytes each: of a prefix two hashes are kept and not itself. Two of three million
 * have the same with a chance of 1 to a million, and nobody can choose them, since the seeds are random.
 */
export class PrefixCounts {
  readonly #seeds: readonly [number, number];
  readonly #most: number;
  #first = new Int32Array(FIRST);
  #second = new Int32Array(FIRST);
  /** 0 for a slot that is free. */
  #counts = new Uint16Array(FIRST);
  #size = 0;

  /** @param most distinct prefixes that are counted. */
  constructor(most: number = MOST, random: () => number = Math.random) {
    this.#most = most;
    this.#seeds = [Math.floor(random() * 2 ** 32) | 0, Math.floor(random() * 2 ** 32) | 0];
  }

  /** How many different prefixes were seen. */
  get size(): number {
    return this.#size;
  }

  /** So many more of a prefix; answers how many there were before, at most 65,535, or undefined for one that there is no room for. */
  add(prefix: Prefix, more = 1): number | undefined {
    const [first, second] = this.#hashes(prefix);
    const slot = this.#slotOf(first, second);
    const before = this.#counts[slot] as number;
    if (before === 0 && this.#size >= this.#most) return undefined;
    [this.#first[slot], this.#second[slot]] = [first, second];
    this.#counts[slot] = Math.min(HIGHEST, before + more);
    if (before === 0 && ++this.#size >= this.#counts.length * FULL) this.#grow();
    return before;
  }

  has(prefix: Prefix): boolean {
    return this.#counts[this.#slotOf(...this.#hashes(prefix))] !== 0;
  }

  /** Where these hashes are, or may be put. */
  #slotOf(first: number, second: number): number {
    const mask = this.#counts.length - 1;
    let slot = first & mask;
    while (this.#counts[slot] !== 0 && (this.#first[slot] !== first || this.#second[slot] !== second)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #hashes(prefix: Prefix): readonly [number, number] {
    let [first, second] = this.#seeds;
    const words = prefix.family === 4 ? 1 : 4;
    for (let at = -1; at < words; at++) {
      const word = at < 0 ? prefix.family * 256 + prefix.length : prefix.word(at);
      first = Math.imul(first ^ word, 0x5bd1e995);
      first ^= first >>> 15;
      second = Math.imul(second ^ word, 0x9e3779b1 | 0);
      second ^= second >>> 13;
    }
    return [first | 0, second | 0];
  }

  #grow(): void {
    const [first, second, counts] = [this.#first, this.#second, this.#counts];
    const length = counts.length * 2;
    [this.#first, this.#second, this.#counts] = [
      new Int32Array(length),
      new Int32Array(length),
      new Uint16Array(length),
    ];
    for (let old = 0; old < counts.length; old++) {
      if (counts[old] === 0) continue;
      const slot = this.#slotOf(first[old] as number, second[old] as number);
      [this.#first[slot], this.#second[slot]] = [first[old] as number, second[old] as number];
      this.#counts[slot] = counts[old] as number;
    }
  }
}
