const NOTHING = Buffer.alloc(0);

/**
 * A record of which bytes are still to come. One buffer that doubles: who sends single bytes must not cost an object for each, and
 * of what exceeds `limit` nothing is kept.
 */
export class PartialRecord {
  readonly #limit: number;
  #held: Buffer = NOTHING;
  #kept = 0;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that it has so far, those that were not kept included. */
  get length(): number {
    return this.#length;
  }

  /** @param bytes are copied. */
  append(bytes: Buffer): void {
    const kept = Math.min(this.#kept + bytes.length, this.#limit);
    if (kept > this.#held.length) this.#grow(kept);
    bytes.copy(this.#held, this.#kept, 0, kept - this.#kept);
    this.#kept = kept;
    this.#length += bytes.length;
  }

  /** What was kept, together with its last bytes, which are borrowed where they are all. Begins anew. */
  finish(tail: Buffer): Buffer {
    if (this.#length === 0) return tail.subarray(0, this.#limit);
    this.append(tail);
    const record = this.#held.subarray(0, this.#kept);
    this.#held = NOTHING;
    this.#kept = 0;
    this.#length = 0;
    return record;
  }

  #grow(wanted: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(wanted, this.#held.length * 2, 256), this.#limit));
    this.#held.copy(larger, 0, 0, this.#kept);
    this.#held = larger;
  }
}
