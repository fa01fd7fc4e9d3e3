import { cutLine, endOfLine, type Piece, wholeLines } from './lines.js';

export interface StreamLinesOptions {
  /** In bytes, without the newline. */
  readonly maxLine: number;
  /** Told the length in bytes of each line that was cut. */
  readonly onOversized: (length: number) => void;
}

/**
 * Whole lines out of bytes that come in pieces and cannot be read again. Keeps what is not handed over yet: after all lines of
 * a push have been taken, less than one line, and never more than `maxLine` bytes.
 */
export class StreamLines {
  readonly #options: StreamLinesOptions;
  #buffer = Buffer.allocUnsafeSlow(4096);
  /** What of the buffer is in use. */
  #start = 0;
  #end = 0;
  /** Offset of `#start` in the stream, or of the line that is being passed over. */
  #offset = 0;
  /** The beginning of a line that is too long, with room for a newline, and what was seen of its length. */
  #cut: Buffer | undefined;
  #length = 0;

  constructor(options: StreamLinesOptions) {
    this.#options = options;
  }

  /** Takes a copy of the bytes; what `next` handed over before is no longer valid. */
  push(bytes: Buffer): void {
    const kept = this.#end - this.#start;
    const wanted = kept + bytes.length + 1;
    const target = wanted > this.#buffer.length ? Buffer.allocUnsafeSlow(Math.max(wanted, 2 * kept)) : this.#buffer;
    this.#buffer.copy(target, 0, this.#start, this.#end);
    bytes.copy(target, kept);
    this.#buffer = target;
    this.#start = 0;
    this.#end = kept + bytes.length;
  }

  /** The next lines, borrowed until the next push; undefined if more bytes are needed. */
  next(): Piece | undefined {
    if (this.#cut) return this.#past(this.#cut);
    const bytes = this.#buffer.subarray(this.#start, this.#end);
    const end = wholeLines(bytes, this.#options.maxLine);
    if (end > 0) return this.#take(bytes.subarray(0, end), end);
    if (bytes.length <= this.#options.maxLine) return undefined;
    this.#cut = Buffer.from(bytes.subarray(0, this.#options.maxLine + 1));
    return this.#past(this.#cut);
  }

  /** The line that the stream ended in, as if it had a newline; ask after `next` has no more. */
  last(): Piece | undefined {
    if (this.#cut) return this.#finishCut(this.#cut, this.#length);
    if (this.#start === this.#end) return undefined;
    this.#buffer[this.#end] = 10;
    return this.#take(this.#buffer.subarray(this.#start, this.#end + 1), this.#end - this.#start);
  }

  #take(bytes: Buffer, length: number): Piece {
    const offset = this.#offset;
    this.#offset += length;
    this.#start += length;
    return { bytes, offset };
  }

  #past(cut: Buffer): Piece | undefined {
    const newline = endOfLine(this.#buffer.subarray(0, this.#end), this.#start);
    const passed = (newline < 0 ? this.#end : newline) - this.#start;
    this.#length += passed;
    this.#start += passed;
    if (newline < 0) return undefined;
    this.#start++;
    return this.#finishCut(cut, this.#length + 1);
  }

  /** @param length of the line in the stream, with its newline if it has one. */
  #finishCut(cut: Buffer, length: number): Piece {
    this.#options.onOversized(this.#length);
    const piece = { bytes: cutLine(cut, this.#options.maxLine), offset: this.#offset };
    this.#offset += length;
    this.#cut = undefined;
    this.#length = 0;
    return piece;
  }
}
