import { PartialRecord } from './partial-record.js';

const NEWLINE = 10;

/** How a frame begins that is counted in octets (RFC 6587, 3.4.1): MSG-LEN SP, and a message, which begins with its PRI. */
const COUNTED = /^([1-9]\d{0,8}) </;
/** What may still become such a beginning. */
const UNDECIDED = /^[1-9]\d{0,8} ?$/;
const DECIDED_WITH = 11;

/**
 * Cuts a TCP stream into messages, each counted in octets or ended by a newline, also in turns, as rsyslogd takes them. Memory is
 * bounded: of a longer message the first `limit` bytes are handed over.
 */
export class FrameSplitter {
  readonly #limit: number;
  readonly #onOversized: (length: number) => void;
  /** Bytes of which it is not clear yet how their frame ends. */
  #undecided: Buffer = Buffer.alloc(0);
  readonly #partial: PartialRecord;
  /** Octets that are missing; 0 for a frame that ends with a newline, undefined between two frames. */
  #missing: number | undefined;

  constructor(limit: number, onOversized: (length: number) => void) {
    this.#limit = limit;
    this.#onOversized = onOversized;
    this.#partial = new PartialRecord(limit);
  }

  /** The messages that `bytes` complete. They borrow from `bytes`, which is not kept. */
  push(bytes: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let rest: Buffer = this.#undecided.length > 0 ? Buffer.concat([this.#undecided, bytes]) : bytes;
    this.#undecided = Buffer.alloc(0);
    while (rest.length > 0) rest = this.#step(rest, frames);
    return frames;
  }

  /** The message that the stream ends in, if it is one that needed only its newline. */
  end(): Buffer | undefined {
    const isCounted = this.#missing !== undefined && this.#missing > 0;
    const rest = this.#finish(this.#undecided);
    return isCounted || rest.length === 0 ? undefined : rest;
  }

  #step(bytes: Buffer, frames: Buffer[]): Buffer {
    if (this.#missing === undefined) return this.#begin(bytes);
    const isCounted = this.#missing > 0;
    const end = isCounted ? this.#missing : bytes.indexOf(NEWLINE);
    if (end < 0 || end > bytes.length) {
      this.#partial.append(bytes);
      if (isCounted) this.#missing -= bytes.length;
      return bytes.subarray(bytes.length);
    }
    const frame = this.#finish(bytes.subarray(0, end));
    if (frame.length > 0) frames.push(frame);
    this.#missing = undefined;
    return bytes.subarray(isCounted ? end : end + 1);
  }

  /** Behind a counted frame some senders write a newline all the same: it is an empty frame, and none. */
  #begin(bytes: Buffer): Buffer {
    const beginning = bytes.toString('latin1', 0, DECIDED_WITH);
    const counted = COUNTED.exec(beginning);
    if (!counted && bytes.length < DECIDED_WITH && UNDECIDED.test(beginning)) {
      this.#undecided = Buffer.from(bytes);
      return bytes.subarray(bytes.length);
    }
    this.#missing = counted ? Number(counted[1]) : 0;
    return counted ? bytes.subarray(counted[0].length - 1) : bytes;
  }

  #finish(tail: Buffer): Buffer {
    const length = this.#partial.length + tail.length;
    if (length > this.#limit) this.#onOversized(length);
    return this.#partial.finish(tail);
  }
}
