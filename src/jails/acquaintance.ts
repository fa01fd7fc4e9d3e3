import type { Key } from './key.js';

/** Bits of one generation, 2 MiB, and keys that it is good for: of so many, one in 500 is taken for another. */
const BITS = 2 ** 24;
const MOST = 1_000_000;

/** Bits a key. */
const HASHES = 4;

/**
 * Remembers whom it has met, roughly, in 4 MiB: who was among the last million is known, and of others a few are taken for
 * acquaintances. (A Bloom filter in two generations.)
 */
export class Acquaintance {
  readonly #seed: number;
  #young = new Uint8Array(BITS / 8);
  #old = new Uint8Array(BITS / 8);
  #count = 0;

  /** @param random from 0 to 1, as Math.random: nobody outside can tell who is taken for whom. */
  constructor(random: () => number) {
    this.#seed = Math.floor(random() * 2 ** 32) | 0;
  }

  add(key: Key): void {
    if (++this.#count > MOST) this.turn();
    const [first, step] = [this.#hash(key, this.#seed), this.#hash(key, ~this.#seed) | 1];
    for (let index = 0; index < HASHES; index++) {
      const bit = (first + index * step) & (BITS - 1);
      this.#young[bit >>> 3] = (this.#young[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  has(key: Key): boolean {
    const [first, step] = [this.#hash(key, this.#seed), this.#hash(key, ~this.#seed) | 1];
    return isIn(this.#young, first, step) || isIn(this.#old, first, step);
  }

  /** Forgets who was added before the last turn; answers how many were since. */
  turn(): number {
    const known = this.#count;
    this.#old.fill(0);
    [this.#young, this.#old] = [this.#old, this.#young];
    this.#count = 0;
    return known;
  }

  /** FNV-1a with the finish of MurmurHash3, so that the low bits depend on all. */
  #hash(key: Key, seed: number): number {
    let hash = seed ^ 0x811c9dc5;
    if (typeof key === 'number') hash = Math.imul(hash ^ key, 0x01000193);
    else for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }
}

function isIn(bits: Uint8Array, first: number, step: number): boolean {
  for (let index = 0; index < HASHES; index++) {
    const bit = (first + index * step) & (BITS - 1);
    if (((bits[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}
