import { ATTRIBUTE, align, NLA_TYPE_MASK } from './protocol.js';

/** One attribute: its type without flags, and where its payload lies. Views, no copies. */
export interface Attribute {
  readonly type: number;
  /** Offset of the attribute's header, from the start of the bytes that were walked. */
  readonly offset: number;
  readonly payload: Buffer;
}

/** Walks attributes one behind the other. Stops at the first that is cut short: a kernel never sends one. */
export function* walk(bytes: Buffer, start = 0): Generator<Attribute> {
  let offset = start;
  while (offset + ATTRIBUTE <= bytes.length) {
    const length = bytes.readUInt16LE(offset);
    if (length < ATTRIBUTE || offset + length > bytes.length) return;
    const type = bytes.readUInt16LE(offset + 2) & NLA_TYPE_MASK;
    yield { type, offset, payload: bytes.subarray(offset + ATTRIBUTE, offset + length) };
    offset += align(length);
  }
}

/** The payloads by type; of two with one type the last holds, as in the kernel. */
export function byType(bytes: Buffer, start = 0): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (const { type, payload } of walk(bytes, start)) found.set(type, payload);
  return found;
}

/** A payload at a path of nested types, or undefined. */
export function at(bytes: Buffer | undefined, ...path: readonly number[]): Buffer | undefined {
  let payload = bytes;
  for (const type of path) {
    if (payload === undefined) return undefined;
    payload = byType(payload).get(type);
  }
  return payload;
}

/** A zero-terminated string, or an unterminated one. */
export function text(payload: Buffer): string {
  const end = payload.indexOf(0);
  return payload.toString('utf8', 0, end < 0 ? payload.length : end);
}

/** Exact up to 2^53; counters beyond that lose their last bits. */
export const u64 = (payload: Buffer): number => payload.readUInt32BE(0) * 0x1_0000_0000 + payload.readUInt32BE(4);

export const u32 = (payload: Buffer): number => payload.readUInt32BE(0);
