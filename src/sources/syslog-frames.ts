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
  #pieces: Buffer[] = [];
  #kept = 0;
  #length = 0;
  /** Octets that are missing; 0 for a frame that ends with a newline, undefined between two frames. */
  #missing: number | undefined;

  constructor(limit: number, onOversized: (length: number) => void) {
    this.#limit = limit;
    this.#onOversized = onOversized;
  }

  /** The messages that `bytes` complete. They do not borrow from it. */
  push(bytes: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let rest: Buffer = this.#undecided.length > 0 ? Buffer.concat([this.#undecided, bytes]) : Buffer.from(bytes);
    this.#undecided = Buffer.alloc(0);
    while (rest.length > 0) rest = this.#step(rest, frames);
    return frames;
  }

  /** The message that the stream ends in, if it is one that needed only its newline. */
  end(): Buffer | undefined {
    if (this.#missing === undefined) this.#hold(this.#undecided);
    else if (this.#missing > 0) return undefined;
    return this.#length > 0 ? this.#finish() : undefined;
  }

  #step(bytes: Buffer, frames: Buffer[]): Buffer {
    if (this.#missing === undefined) return this.#begin(bytes);
    const isCounted = this.#missing > 0;
    const end = isCounted ? this.#missing : bytes.indexOf(NEWLINE);
    if (end < 0 || end > bytes.length) {
      this.#hold(bytes);
      if (isCounted) this.#missing -= bytes.length;
      return bytes.subarray(bytes.length);
    }
    this.#hold(bytes.subarray(0, end));
    if (this.#length > 0) frames.push(this.#finish());
    this.#missing = undefined;
    return bytes.subarray(isCounted ? end : end + 1);
  }

  /** Behind a counted frame some senders write a newline all the same: it is an empty frame, and none. */
  #begin(bytes: Buffer): Buffer {
    const beginning = bytes.toString('latin1', 0, DECIDED_WITH);
    const counted = COUNTED.exec(beginning);
    if (!counted && bytes.length < DECIDED_WITH && UNDECIDED.test(beginning)) {
      this.#undecided = bytes;
      return bytes.subarray(bytes.length);
    }
    this.#missing = counted ? Number(counted[1]) : 0;
    return counted ? bytes.subarray(counted[0].length - 1) : bytes;
  }

  #hold(bytes: Buffer): void {
    this.#length += bytes.length;
    const piece = bytes.subarray(0, this.#limit - this.#kept);
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }

  #finish(): Buffer {
    if (this.#length > this.#limit) this.#onOversized(this.#length);
    const frame = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#kept = 0;
    this.#length = 0;
    return frame;
  }
}
