import { PartialRecord } from './partial-record.js';

const NEWLINE = 10;

/**
 * Cuts a stream of bytes into records that end in a newline. Memory is bounded: of a record longer than `limit` the first `limit`
 * bytes are handed over, the rest is counted and forgotten.
 */
export class RecordSplitter {
  readonly #limit: number;
  readonly #onOversized: (length: number) => void;
  readonly #partial: PartialRecord;

  /** @param onOversized is told the length in bytes of each record that was cut. */
  constructor(limit: number, onOversized: (length: number) => void) {
    this.#limit = limit;
    this.#onOversized = onOversized;
    this.#partial = new PartialRecord(limit);
  }

  /** The records that `bytes` complete, without their newlines. They borrow from `bytes`, which is not kept. */
  push(bytes: Buffer): Buffer[] {
    const records: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      records.push(this.#finish(bytes.subarray(start, end)));
      start = end + 1;
    }
    if (start < bytes.length) this.#partial.append(bytes.subarray(start));
    return records;
  }

  #finish(tail: Buffer): Buffer {
    const length = this.#partial.length + tail.length;
    if (length > this.#limit) this.#onOversized(length);
    return this.#partial.finish(tail);
  }
}
