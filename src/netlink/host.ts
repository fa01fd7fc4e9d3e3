/**
 * Integers in the machine's own order, as rtnetlink and generic netlink have them; netfilter's are big-endian (attributes.ts).
 * Little-endian on every machine that dropset runs on. Undefined where the attribute is absent, or shorter than its type.
 */
type Payload = Buffer | undefined;

const read = (payload: Payload, bytes: number): Buffer | undefined =>
  payload !== undefined && payload.length >= bytes ? payload : undefined;

export const hostU8 = (payload: Payload): number | undefined => read(payload, 1)?.readUInt8();

export const hostU16 = (payload: Payload): number | undefined => read(payload, 2)?.readUInt16LE();

export const hostU32 = (payload: Payload): number | undefined => read(payload, 4)?.readUInt32LE();

export const hostI32 = (payload: Payload): number | undefined => read(payload, 4)?.readInt32LE();

export const hostU64 = (payload: Payload): bigint | undefined => read(payload, 8)?.readBigUInt64LE();
