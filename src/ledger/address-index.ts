/** Slots to begin with; always a power of two. */
const FIRST = 1024;

/** Of all slots so many may be taken, so that a search ends soon. */
const FULL = 0.75;

/** In place of an id: nothing was ever here, and something was. */
const FREE = 0;
const GONE = -1;

const NONE: readonly number[] = [];

/**
 * Which rows an address may have: numbers of rows by a hash of the address, in memory, 12 bytes a slot. In a file an index in the order
 * of addresses would have nearly every page written anew for every few thousand addresses that come in no order.
 *
 * Different addresses may have the same hash: who asks compares. Changes since `begin` can be undone.
 */
export class AddressIndex {
  readonly #seed: number;
  #hashes = new Int32Array(FIRST);
  #ids = new Float64Array(FIRST);
  /** Slots that are not free, and rows. */
  #taken = 0;
  #size = 0;
  /** What was done since `begin`: hash, id, and 1 for an entry that was made. */
  #done: number[] | undefined;

  /** @param seed keeps those who choose addresses from filling one corner. */
  constructor(seed = Math.floor(Math.random() * 2 ** 32)) {
    this.#seed = seed | 0;
  }

  get size(): number {
    return this.#size;
  }

  /** @param from where the address begins in `text`, and `to` where it ends. */
  hash(text: string, from = 0, to = text.length): number {
    let hash = this.#seed;
    for (let at = from; at < to; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x5bd1e995);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  has(hash: number): boolean {
    return this.find(hash) !== NONE;
  }

  /** The rows of that hash. */
  find(hash: number): readonly number[] {
    let found = NONE;
    const mask = this.#ids.length - 1;
    for (let slot = hash & mask; this.#ids[slot] !== FREE; slot = (slot + 1) & mask) {
      if (this.#hashes[slot] !== hash || this.#ids[slot] === GONE) continue;
      found = [...found, this.#ids[slot] as number];
    }
    return found;
  }

  /** @param id above 0. */
  add(hash: number, id: number): void {
    this.#done?.push(hash, id, 1);
    this.#put(hash, id);
  }

  /** Does nothing where it is not there. */
  remove(hash: number, id: number): void {
    if (this.#take(hash, id)) this.#done?.push(hash, id, 0);
  }

  /** From now on changes are remembered, until `commit` or `rollback`. */
  begin(): void {
    this.#done = [];
  }

  commit(): void {
    this.#done = undefined;
  }

  /** Undoes what was done since `begin`. */
  rollback(): void {
    const done = this.#done ?? [];
    this.#done = undefined;
    for (let at = done.length - 3; at >= 0; at -= 3) {
      const [hash, id, isAdded] = [done[at] as number, done[at + 1] as number, done[at + 2]];
      if (isAdded) this.#take(hash, id);
      else this.#put(hash, id);
    }
  }

  #put(hash: number, id: number): void {
    if (this.#taken >= this.#ids.length * FULL) this.#resize();
    const mask = this.#ids.length - 1;
    let slot = hash & mask;
    while (this.#ids[slot] !== FREE) slot = (slot + 1) & mask;
    this.#hashes[slot] = hash;
    this.#ids[slot] = id;
    this.#taken++;
    this.#size++;
  }

  #take(hash: number, id: number): boolean {
    const mask = this.#ids.length - 1;
    let slot = hash & mask;
    while (this.#ids[slot] !== id || this.#hashes[slot] !== hash) {
      if (this.#ids[slot] === FREE) return false;
      slot = (slot + 1) & mask;
    }
    this.#ids[slot] = GONE;
    this.#size--;
    return true;
  }

  /** Twice as large, as large, or smaller, by how many rows there are: what has gone leaves its slots. */
  #resize(): void {
    const [hashes, ids] = [this.#hashes, this.#ids];
    let length = FIRST;
    while (this.#size >= (length * FULL) / 1.5) length *= 2;
    [this.#hashes, this.#ids] = [new Int32Array(length), new Float64Array(length)];
    this.#taken = 0;
    this.#size = 0;
    for (let slot = 0; slot < ids.length; slot++) {
      if ((ids[slot] as number) > FREE) this.#put(hashes[slot] as number, ids[slot] as number);
    }
  }
}
