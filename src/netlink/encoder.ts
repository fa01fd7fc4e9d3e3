import { ATTRIBUTE, align, HEADER, LONGEST_ATTRIBUTE, NLA_F_NESTED } from './protocol.js';

/**
 * Writes netlink messages into one growing buffer that is used again and again.
 *
 * Integers of attributes are big-endian, as netfilter wants them; headers are in host order, which is little-endian
 * on every machine that dropset runs on (package.json leaves s390x out).
 */
export class Encoder {
  #bytes: Buffer;
  #end = 0;
  #message = 0;

  constructor(capacity = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Forgets all that was written. */
  reset(): this {
    this.#end = 0;
    return this;
  }

  get length(): number {
    return this.#end;
  }

  /** What was written, as a view: valid until the next `reset`. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Opens a message. `sequence` comes back in the kernel's answer. */
  message(type: number, flags: number, sequence: number): this {
    const at = this.#room(HEADER);
    this.#message = at;
    this.#bytes.writeUInt16LE(type, at + 4);
    this.#bytes.writeUInt16LE(flags, at + 6);
    this.#bytes.writeUInt32LE(sequence, at + 8);
    this.#bytes.writeUInt32LE(0, at + 12);
    return this;
  }

  /** Closes the open message: its length is known now. */
  endMessage(): this {
    this.#bytes.writeUInt32LE(this.#end - this.#message, this.#message);
    return this;
  }

  /** A protocol's fixed header, behind the message's. */
  raw(...octets: readonly number[]): this {
    const at = this.#room(octets.length);
    for (const [index, octet] of octets.entries()) this.#bytes[at + index] = octet;
    return this;
  }

  u8(type: number, value: number): this {
    const at = this.#attribute(type, 1);
    this.#bytes[at] = value;
    return this;
  }

  u32(type: number, value: number): this {
    const at = this.#attribute(type, 4);
    this.#bytes.writeUInt32BE(value >>> 0, at);
    return this;
  }

  /** In the machine's own order, as rtnetlink wants it. */
  hostU32(type: number, value: number): this {
    const at = this.#attribute(type, 4);
    this.#bytes.writeUInt32LE(value >>> 0, at);
    return this;
  }

  /** `value` is a whole number below 2^53. */
  u64(type: number, value: number): this {
    const at = this.#attribute(type, 8);
    this.#bytes.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at);
    this.#bytes.writeUInt32BE(value % 0x1_0000_0000, at + 4);
    return this;
  }

  /** Zero-terminated. */
  string(type: number, value: string): this {
    const length = Buffer.byteLength(value);
    const at = this.#attribute(type, length + 1);
    this.#bytes.write(value, at);
    return this;
  }

  /** An attribute of `length` bytes that `write(buffer, offset)` fills: saves a copy for each element of a set. */
  fill(type: number, length: number, value: { write(target: Buffer, offset: number): unknown }): this {
    const at = this.#attribute(type, length);
    value.write(this.#bytes, at);
    return this;
  }

  bytesOf(type: number, value: Uint8Array): this {
    const at = this.#attribute(type, value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** Opens an attribute of attributes; answers what `close` needs. */
  nest(type: number): number {
    const at = this.#room(ATTRIBUTE);
    this.#bytes.writeUInt16LE(type | NLA_F_NESTED, at + 2);
    return at;
  }

  /** @throws RangeError beyond 65,535 bytes: the kernel would silently read garbage. */
  close(nest: number): this {
    const length = this.#end - nest;
    if (length > LONGEST_ATTRIBUTE) throw new RangeError(`an attribute of ${length} bytes: its length has 16 bits`);
    this.#bytes.writeUInt16LE(length, nest);
    return this;
  }

  /** `nest` and `close` around `content`. */
  nested(type: number, content: () => void): this {
    const nest = this.nest(type);
    content();
    return this.close(nest);
  }

  #attribute(type: number, length: number): number {
    const at = this.#room(ATTRIBUTE + length);
    if (ATTRIBUTE + length > LONGEST_ATTRIBUTE) throw new RangeError(`an attribute of ${length} bytes`);
    this.#bytes.writeUInt16LE(ATTRIBUTE + length, at);
    this.#bytes.writeUInt16LE(type, at + 2);
    return at + ATTRIBUTE;
  }

  /**
   * Room for `count` records of `words` 32-bit words each, which `write(target, at, index)` fills entirely, in host order: the
   * form for a million elements, where a call for each attribute would cost more than the kernel's work.
   */
  records(count: number, words: number, write: (target: Uint32Array, at: number, index: number) => void): this {
    const start = this.#room(count * words * 4);
    const target = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset + start, count * words);
    for (let index = 0; index < count; index++) write(target, index * words, index);
    return this;
  }

  /**
   * Room for `length` bytes and the padding behind them; answers where it begins. Padding is zeroed, the rest is not.
   * The buffer may be another afterwards: ask for room first, then for the buffer.
   */
  #room(length: number): number {
    const at = this.#end;
    const end = at + align(length);
    if (end > this.#bytes.length) this.#grow(end);
    if (end > at) this.#bytes.writeUInt32LE(0, end - 4);
    this.#end = end;
    return at;
  }

  #grow(atLeast: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(atLeast, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
  }
}
