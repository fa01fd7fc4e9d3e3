import { type Key, kept } from './key.js';

/**
 * A map in two generations: what is added or renewed is young, and when the young ones have become old, the old ones go as a whole.
 * (To find the oldest of one map, V8 walks over the holes that deleted ones have left: it took 12 us a failure.)
 */
export class Generations<Value, K extends Key = string> {
  #young = new Map<K, Value>();
  #old = new Map<K, Value>();

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** How many were added or renewed since the last turn. */
  get young(): number {
    return this.#young.size;
  }

  get(key: K): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Adds or renews. */
  set(key: K, value: Value): void {
    if (this.#young.has(key)) {
      this.#young.set(key, value);
      return;
    }
    this.#old.delete(key);
    this.#young.set(kept(key), value);
  }

  /** As `set`, of a key that is not there. */
  add(key: K, value: Value): void {
    this.#young.set(kept(key), value);
  }

  delete(key: K): void {
    if (!this.#young.delete(key)) this.#old.delete(key);
  }

  /** The young are old from here on. Answers the old ones, which are forgotten. */
  turn(): ReadonlyMap<K, Value> {
    const gone = this.#old;
    this.#old = this.#young;
    this.#young = new Map();
    return gone;
  }

  /** The young first. */
  *entries(): Generator<[K, Value]> {
    yield* this.#young;
    yield* this.#old;
  }
}
