import { Prefix } from '../model/prefix.js';

/** `struct record` and `struct found` of native/xdp/arena.h; a test compares this with what the addon says. */
export const RECORD = { SIZE: 32, HIGH: 0, LOW: 8, KIND: 16, VERB: 20, LEFT: 24 } as const;
export const FOUND = {
  SIZE: 64,
  HIGH: 0,
  LOW: 8,
  KIND: 16,
  STATE: 20,
  LEFT: 24,
  PACKETS: 32,
  BYTES: 40,
  SLOT: 48,
  TAG: 52,
  RULE: 56,
} as const;

/** What is to become of an element. */
export const REMOVE = 0;
export const ADD = 1;
/** With ADD: its packets are counted, not dropped. */
export const OBSERVE = 2;
/** With ADD: only packets that a rule names are meant, whose number (1 to 255, see scopes.ts) this puts beside it. */
export const byRule = (rule: number): number => rule << 8;

/** `enum` of native/bpf/layout.h: the bit of a state that says that its packets are counted alone. */
const STATE_OBSERVE = 1;

const WORDS = RECORD.SIZE / 4;

/** An element as the tables have it. */
export interface Found {
  readonly prefix: Prefix;
  /** Milliseconds until it ends; infinite for ever. */
  readonly left: number;
  /** Without what each CPU still has to itself: see `readTallies`. */
  readonly packets: number;
  readonly bytes: number;
  /** Its packets pass; where it has a rule, the rule says so, and this nothing. */
  readonly observes: boolean;
  /** The number of its rule; 0: all packets are meant. */
  readonly rule: number;
  /** Where it lives, for who adds that. */
  readonly slot: number;
  readonly tag: number;
}

/** Writes records into one buffer that is used again and again. */
export class Records {
  #words = new Int32Array(WORDS * 256);
  #doubles = new Float64Array(this.#words.buffer);
  #count = 0;

  /** Forgets all that was written, and makes room for so many. */
  reset(count: number): this {
    this.#count = 0;
    if (count * WORDS > this.#words.length) {
      this.#words = new Int32Array(count * WORDS);
      this.#doubles = new Float64Array(this.#words.buffer);
    }
    return this;
  }

  /** @param left milliseconds until it ends; infinite for ever. Of no meaning for a removal. */
  add(prefix: Prefix, verb: number, left: number): void {
    const at = this.#count++ * WORDS;
    const words = this.#words;
    const { family, length } = prefix;
    // Little-endian 64-bit numbers: the lower half first. An IPv4 address is left-aligned.
    words[at] = family === 6 ? prefix.word(1) : 0;
    words[at + 1] = prefix.word(0);
    words[at + 2] = family === 6 ? prefix.word(3) : 0;
    words[at + 3] = family === 6 ? prefix.word(2) : 0;
    words[at + 4] = (family << 8) | length;
    words[at + 5] = verb;
    this.#doubles[at / 2 + 3] = left;
  }

  /** A view, valid until the next `reset`. */
  get bytes(): Buffer {
    return Buffer.from(this.#words.buffer, 0, this.#count * RECORD.SIZE);
  }
}

/** Records that say nothing but which elements are meant. */
export function recordsOf(prefixes: readonly Prefix[]): Buffer {
  const records = new Records().reset(prefixes.length);
  for (const prefix of prefixes) records.add(prefix, REMOVE, 0);
  return records.bytes;
}

/** The found elements in order; undefined where there was none. */
export function* decodeFound(bytes: Buffer): Generator<Found | undefined> {
  for (let at = 0; at < bytes.length; at += FOUND.SIZE) yield decodeAt(bytes, at);
}

function decodeAt(bytes: Buffer, at: number): Found | undefined {
  const kind = bytes.readUInt32LE(at + FOUND.KIND);
  if (kind === 0) return undefined;
  return {
    prefix: prefixAt(bytes, at, kind >> 8, kind & 0xff),
    left: bytes.readDoubleLE(at + FOUND.LEFT),
    packets: Number(bytes.readBigUInt64LE(at + FOUND.PACKETS)),
    bytes: Number(bytes.readBigUInt64LE(at + FOUND.BYTES)),
    observes: (bytes.readUInt32LE(at + FOUND.STATE) & STATE_OBSERVE) !== 0,
    rule: bytes.readUInt32LE(at + FOUND.RULE),
    slot: bytes.readUInt32LE(at + FOUND.SLOT),
    tag: bytes.readUInt32LE(at + FOUND.TAG),
  };
}

function prefixAt(bytes: Buffer, at: number, family: number, length: number): Prefix {
  const address = Buffer.alloc(family === 4 ? 4 : 16);
  if (family === 4) address.writeUInt32BE(bytes.readUInt32LE(at + 4), 0);
  else {
    address.writeBigUInt64BE(bytes.readBigUInt64LE(at + FOUND.HIGH), 0);
    address.writeBigUInt64BE(bytes.readBigUInt64LE(at + FOUND.LOW), 8);
  }
  return Prefix.fromBytes(address, length);
}
