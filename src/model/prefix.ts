import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { DropsetError } from './errors.js';

export type Family = 4 | 6;

/** Bits in an address of each family. */
export const WIDTH = { 4: 32, 6: 128 } as const;

/** Signed 32-bit words, most significant first. Signed, so that V8 keeps them as small integers inside the object. */
type Words = readonly [number, number, number, number];

/**
 * An address family and a masked address with its length. A single address is a /32 or a /128.
 *
 * Immutable. Host bits are cleared, and an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) is the IPv4 address, so
 * two prefixes are the same exactly if their `text` is the same.
 */
export class Prefix {
  readonly family: Family;
  readonly length: number;
  /** The canonical text: dotted decimal or RFC 5952; with `/length` unless it is a single address. */
  readonly text: string;
  readonly #words: Words;

  private constructor(family: Family, words: Words, length: number, text?: string) {
    this.family = family;
    this.length = length;
    this.#words = words;
    this.text = text ?? textOf(family, words, length);
  }

  /**
   * Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::1`, `::ffff:192.0.2.7`, `2001:db8::/32`. Strict: no octal, no
   * short forms, no zone, no surrounding space.
   *
   * @throws DropsetError `address`.
   */
  static parse(text: string): Prefix {
    const prefix = Prefix.tryParse(text);
    if (prefix) return prefix;
    const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    throw new DropsetError('address', `${JSON.stringify(shown)} is no IPv4 or IPv6 address or prefix`);
  }

  /** As `parse`, but answers undefined for what is no address: the form for untrusted bytes in bulk. */
  static tryParse(text: string): Prefix | undefined {
    // 49: an IPv4-mapped address in full, with its length.
    if (text.length > 49) return undefined;
    const slash = text.indexOf('/');
    const address = slash < 0 ? text : text.slice(0, slash);
    const length = slash < 0 ? undefined : lengthOf(text.slice(slash + 1));
    if (length === null) return undefined;
    if (isIPv4(address)) return fromIPv4(address, length, (f, w, l, t) => new Prefix(f, w, l, t));
    if (isIPv6(address) && !address.includes('%')) return fromIPv6(address, length, (f, w, l) => new Prefix(f, w, l));
    return undefined;
  }

  /** Reads 4 or 16 bytes of network order, as the kernel hands them up. `bytes` is not kept. */
  static fromBytes(bytes: Uint8Array, length: number = bytes.length * 8): Prefix {
    const family: Family = bytes.length === 4 ? 4 : 6;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const word = (index: number): number => (index * 4 < bytes.length ? view.getInt32(index * 4) : 0);
    return new Prefix(family, masked([word(0), word(1), word(2), word(3)], length), length);
  }

  /** True for a /32 or a /128. */
  get isAddress(): boolean {
    return this.length === WIDTH[this.family];
  }

  /** Writes 4 or 16 bytes of network order at `offset`; answers the offset behind them. */
  write(target: Buffer, offset: number): number {
    const end = this.family === 4 ? 1 : 4;
    let at = offset;
    for (let i = 0; i < end; i++) at = target.writeInt32BE(this.#words[i] as number, at);
    return at;
  }

  /** The 32-bit word at `index` of the address (0 alone for IPv4, 0 to 3 for IPv6), signed, most significant first. */
  word(index: number): number {
    return this.#words[index] as number;
  }

  /** Whether every address of `other` is also one of this prefix. */
  covers(other: Prefix): boolean {
    if (this.family !== other.family || this.length > other.length) return false;
    // Word by word and without a copy: each failure of a log is compared with each never-rule.
    for (let index = 0, left = this.length; left > 0; index++, left -= 32) {
      const different = (this.#words[index] as number) ^ (other.#words[index] as number);
      if (left >= 32 ? different !== 0 : different >>> (32 - left) !== 0) return false;
    }
    return true;
  }

  /** The prefix of this length around it. @param length at most its own. */
  widened(length: number): Prefix {
    return length === this.length ? this : new Prefix(this.family, masked(this.#words, length), length);
  }

  /** The two prefixes that it consists of, the lower one first. @returns nothing for a single address. */
  halves(): readonly Prefix[] {
    if (this.isAddress) return [];
    const upper = [...this.#words] as [number, number, number, number];
    upper[this.length >> 5] = (upper[this.length >> 5] as number) | (1 << (31 - (this.length & 31)));
    return [this.#words, upper].map((words) => new Prefix(this.family, words, this.length + 1));
  }

  overlaps(other: Prefix): boolean {
    return this.covers(other) || other.covers(this);
  }

  toString(): string {
    return this.text;
  }
}

type Make = (family: Family, words: Words, length: number, text?: string) => Prefix;

/** The number behind a slash; null if it is none. */
function lengthOf(text: string): number | null {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : null;
}

function fromIPv4(address: string, length: number | undefined, make: Make): Prefix | undefined {
  if (length !== undefined && length > 32) return undefined;
  const [a, b, c, d] = address.split('.', 4) as [string, string, string, string];
  const word = (Number(a) << 24) | (Number(b) << 16) | (Number(c) << 8) | Number(d);
  // The strict form of a single address is already the canonical text: bulk imports save building it again.
  if (length === undefined || length === 32) return make(4, [word, 0, 0, 0], 32, address);
  return make(4, masked([word, 0, 0, 0], length), length);
}

function fromIPv6(address: string, length: number | undefined, make: Make): Prefix | undefined {
  if (length !== undefined && length > 128) return undefined;
  const { parts } = ipaddr.IPv6.parse(address);
  const word = (index: number): number => ((parts[index * 2] as number) << 16) | (parts[index * 2 + 1] as number);
  const words: Words = [word(0), word(1), word(2), word(3)];
  const bits = length ?? 128;
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  if (isMapped && bits >= 96) return make(4, masked([words[3], 0, 0, 0], bits - 96), bits - 96);
  return make(6, masked(words, bits), bits);
}

/** `words` with all bits behind the first `length` cleared. */
function masked(words: Words, length: number): Words {
  const cut = (word: number, index: number): number => {
    const bits = Math.min(32, Math.max(0, length - index * 32));
    return bits === 0 ? 0 : word & (-1 << (32 - bits));
  };
  return words.map(cut) as unknown as Words;
}

function textOf(family: Family, words: Words, length: number): string {
  const suffix = length === WIDTH[family] ? '' : `/${length}`;
  if (family === 4) {
    const word = words[0];
    return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}${suffix}`;
  }
  const parts = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  return new ipaddr.IPv6(parts).toRFC5952String() + suffix;
}
