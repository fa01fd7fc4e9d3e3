import type { Line } from '../model/street.js';

const NEWLINE = 10;
const RETURN = 13;

/**
 * Cuts bytes into lines, whatever pieces the bytes come in. Memory is bounded by `maxLine`: of a longer line the
 * beginning is kept, the rest is counted and forgotten.
 */
export class LineSplitter {
  readonly #source: string;
  readonly #maxLine: number;
  readonly #onOversized: (length: number) => void;
  #held = Buffer.alloc(0);
  /** Bytes of `#held` in use. */
  #kept = 0;
  /** Bytes of the unfinished line, those that were not kept included. */
  #length = 0;
  #position: number;

  /**
   * @param maxLine in bytes, without the line break.
   * @param onOversized is told the length in bytes of each line that was cut.
   * @param position byte offset of the first byte that will be pushed.
   */
  constructor(source: string, maxLine: number, onOversized: (length: number) => void, position = 0) {
    this.#source = source;
    this.#maxLine = maxLine;
    this.#onOversized = onOversized;
    this.#position = position;
  }

  /** The lines that `bytes` complete. `bytes` is only borrowed. */
  push(bytes: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      lines.push(this.#finish(bytes.subarray(start, end)));
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
    return lines;
  }

  #finish(tail: Buffer): Line {
    if (this.#length === 0) return this.#line(tail, tail.length);
    this.#hold(tail);
    const line = this.#line(this.#held.subarray(0, this.#kept), this.#length);
    this.#kept = 0;
    this.#length = 0;
    return line;
  }

  /** @param length of the whole line in the source; `bytes` may be less of it. */
  #line(bytes: Buffer, length: number): Line {
    const isWhole = bytes.length === length;
    const end = isWhole && bytes[length - 1] === RETURN ? length - 1 : length;
    if (end > this.#maxLine) this.#onOversized(end);
    const text = bytes.toString('utf8', 0, Math.min(end, this.#maxLine));
    const line: Line = { text, source: this.#source, position: this.#position };
    this.#position += length + 1;
    return line;
  }

  /** One byte more than `maxLine` is kept: it may be the carriage return that does not count. */
  #hold(bytes: Buffer): void {
    const wanted = Math.min(this.#kept + bytes.length, this.#maxLine + 1);
    if (wanted > this.#held.length) this.#grow(wanted);
    bytes.copy(this.#held, this.#kept, 0, wanted - this.#kept);
    this.#kept = wanted;
    this.#length += bytes.length;
  }

  /** Doubles, so that a line that is written byte by byte is not copied for each byte. */
  #grow(wanted: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(wanted, this.#held.length * 2, 256), this.#maxLine + 1));
    this.#held.copy(larger, 0, 0, this.#kept);
    this.#held = larger;
  }
}
