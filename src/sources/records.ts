const NEWLINE = 10;

/**
 * Cuts a stream of bytes into records that end in a newline. Memory is bounded: of a record longer than `limit` the first `limit`
 * bytes are handed over, the rest is counted and forgotten.
 */
export class RecordSplitter {
  readonly #limit: number;
  readonly #onOversized: (length: number) => void;
  #pieces: Buffer[] = [];
  /** Bytes in `#pieces`. */
  #kept = 0;
  /** Bytes of the unfinished record, those that were not kept included. */
  #length = 0;

  /** @param onOversized is told the length in bytes of each record that was cut. */
  constructor(limit: number, onOversized: (length: number) => void) {
    this.#limit = limit;
    this.#onOversized = onOversized;
  }

  /** The records that `bytes` complete, without their newlines. They borrow from `bytes`, which is not kept. */
  push(bytes: Buffer): Buffer[] {
    const records: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      records.push(this.#finish(bytes.subarray(start, end)));
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(Buffer.from(bytes.subarray(start)));
    return records;
  }

  #finish(tail: Buffer): Buffer {
    this.#hold(tail);
    const record = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
    if (this.#length > this.#limit) this.#onOversized(this.#length);
    this.#pieces = [];
    this.#kept = 0;
    this.#length = 0;
    return record;
  }

  #hold(bytes: Buffer): void {
    this.#length += bytes.length;
    const room = this.#limit - this.#kept;
    const piece = bytes.length > room ? bytes.subarray(0, room) : bytes;
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }
}
