import { endianness } from 'node:os';

/**
 * How `struct utmp` lies in a file: utmp(5), glibc's bits/utmp.h. Fields up to ut_exit lie the same everywhere; the seconds have 32
 * bits where glibc keeps files of 32-bit programs readable (__WORDSIZE_TIME64_COMPAT32), else 64.
 */
export interface UtmpLayout {
  readonly name: UtmpLayoutName;
  /** Bytes of one record. */
  readonly size: number;
  readonly seconds: number;
  readonly microseconds: number;
  readonly address: number;
  readonly isWide: boolean;
}

export type UtmpLayoutName = 'x86-64' | 'arm64';

export const LAYOUTS: Readonly<Record<UtmpLayoutName, UtmpLayout>> = {
  'x86-64': { name: 'x86-64', size: 384, seconds: 340, microseconds: 344, address: 348, isWide: false },
  arm64: { name: 'arm64', size: 400, seconds: 344, microseconds: 352, address: 360, isWide: true },
};

/** Records that are looked at, at most; one is enough unless it is damaged. */
const LOOKED_AT = 16;

/** Bytes of a file's beginning that `detectLayout` wants, where there are as many. */
export const ENOUGH = LOOKED_AT * LAYOUTS.arm64.size;

/** 2000-01-01, in seconds: a machine whose clock was not set yet writes 1970. */
const EARLIEST = 946_684_800;

const isLittle = endianness() === 'LE';

/** ut_type, ut_pid, and each half of a 64-bit field. */
export const readInteger = (bytes: Buffer, at: number): number =>
  isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
export const readShort = (bytes: Buffer, at: number): number =>
  isLittle ? bytes.readInt16LE(at) : bytes.readInt16BE(at);

/** A time's part in either width. Numbers beyond 2^53 are of no use, and only have to stay large. */
export function readTime(bytes: Buffer, at: number, { isWide }: UtmpLayout): number {
  if (!isWide) return readInteger(bytes, at);
  return Number(isLittle ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at));
}

/** Whether the record at an offset has a time that can be one. In the other layout these bytes are another field. */
export function isPlausible(bytes: Buffer, at: number, layout: UtmpLayout): boolean {
  const seconds = readTime(bytes, at + layout.seconds, layout);
  const microseconds = readTime(bytes, at + layout.microseconds, layout);
  return seconds >= EARLIEST && seconds < 2 ** 32 && microseconds >= 0 && microseconds < 1_000_000;
}

/**
 * Which layout the beginning of a file has: the one in which more records have a plausible time. Undefined while there is too little to
 * tell; where more tells nothing either, this machine's.
 */
export function detectLayout(bytes: Buffer): UtmpLayout | undefined {
  const [narrow, wide] = [plausible(bytes, LAYOUTS['x86-64']), plausible(bytes, LAYOUTS.arm64)];
  if (narrow !== wide) return narrow > wide ? LAYOUTS['x86-64'] : LAYOUTS.arm64;
  if (bytes.length < LAYOUTS.arm64.size) return undefined;
  return process.arch === 'arm64' ? LAYOUTS.arm64 : LAYOUTS['x86-64'];
}

function plausible(bytes: Buffer, layout: UtmpLayout): number {
  let count = 0;
  for (let at = 0; at + layout.size <= Math.min(bytes.length, ENOUGH); at += layout.size) {
    if (isPlausible(bytes, at, layout)) count += 1;
  }
  return count;
}
