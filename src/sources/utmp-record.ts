import { Prefix } from '../model/prefix.js';
import { isPlausible, readInteger, readShort, readTime, type UtmpLayout } from './utmp-layout.js';

/** ut_type, bits/utmp.h. */
export const LOGIN_PROCESS = 6;
export const USER_PROCESS = 7;

/** One login or attempt. The bytes of its texts are an attacker's. */
export interface UtmpRecord {
  readonly type: number;
  readonly pid: number;
  /** ut_line: the terminal, `tty1`, `pts/0`, or what a service writes there, `ssh:notty`; at most 32 bytes. */
  readonly line: Buffer;
  /** At most 32 bytes. */
  readonly user: Buffer;
  /** The peer's address; absent for logins at the machine itself. */
  readonly address?: Prefix;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Reads the record at an offset; undefined for one without a time, which nobody wrote as a whole. */
export function readRecord(bytes: Buffer, at: number, layout: UtmpLayout): UtmpRecord | undefined {
  if (!isPlausible(bytes, at, layout)) return undefined;
  const seconds = readTime(bytes, at + layout.seconds, layout);
  const microseconds = readTime(bytes, at + layout.microseconds, layout);
  const host = textAt(bytes, at + 76, 256).toString('latin1');
  const address = addressOf(bytes.subarray(at + layout.address, at + layout.address + 16), host);
  return {
    type: readShort(bytes, at),
    pid: readInteger(bytes, at + 4),
    line: textAt(bytes, at + 8, 32),
    user: textAt(bytes, at + 44, 32),
    ...(address && { address }),
    time: seconds * 1000 + Math.floor(microseconds / 1000),
  };
}

/** A field of fixed size, up to its first NUL, if it has one. */
function textAt(bytes: Buffer, at: number, size: number): Buffer {
  const field = bytes.subarray(at, at + size);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end));
}

/**
 * ut_addr_v6: IPv4 in the first word and the others zero, or IPv6. An IPv6 address that ends in 96 zero bits looks like IPv4
 * there; ut_host tells it apart, where it has the same bits as text. Without bits, ut_host is all there is.
 */
function addressOf(bits: Buffer, host: string): Prefix | undefined {
  const zone = host.indexOf('%');
  const named = Prefix.tryParse(zone < 0 ? host : host.slice(0, zone));
  if (bits.every((byte) => byte === 0)) return named?.isAddress ? named : undefined;
  const isShort = bits.subarray(4).every((byte) => byte === 0);
  const full = Prefix.fromBytes(bits);
  if (isShort) return named?.text === full.text ? full : Prefix.fromBytes(bits.subarray(0, 4));
  return isMapped(bits) ? Prefix.fromBytes(bits.subarray(12)) : full;
}

/** RFC 4291, 2.5.5.2. */
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');
const isMapped = (bits: Buffer): boolean => bits.subarray(0, 12).equals(MAPPED);
