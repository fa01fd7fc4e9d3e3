import { LAYOUTS, type UtmpLayoutName } from '../src/sources/utmp-layout.js';

/** What a login program would put into a `struct utmp`. */
export interface LoginRecord {
  readonly type?: number;
  readonly pid?: number;
  readonly line?: string;
  readonly user?: string | Buffer;
  readonly host?: string;
  /** Hexadecimal, 8 or 32 digits. */
  readonly address?: string;
  readonly seconds?: number;
  readonly microseconds?: number;
}

/** 2023-11-14T22:13:20Z */
export const SECONDS = 1_700_000_000;

/** The bytes of one record, by the offsets that a C compiler gives (bits/utmp.h). */
export function loginRecord(record: LoginRecord = {}, name: UtmpLayoutName = 'x86-64'): Buffer {
  const { type = 6, pid = 4711, line = 'ssh:notty', user = 'root', host = '', address = 'c6336407' } = record;
  const { seconds = SECONDS, microseconds = 0 } = record;
  const layout = LAYOUTS[name];
  const bytes = Buffer.alloc(layout.size);
  bytes.writeInt16LE(type, 0);
  bytes.writeInt32LE(pid, 4);
  bytes.write(line, 8, 32);
  Buffer.from(user).copy(bytes, 44, 0, 32);
  bytes.write(host, 76, 256);
  if (layout.isWide) {
    bytes.writeBigInt64LE(BigInt(seconds), layout.seconds);
    bytes.writeBigInt64LE(BigInt(microseconds), layout.microseconds);
  } else {
    bytes.writeUInt32LE(seconds, layout.seconds);
    bytes.writeUInt32LE(microseconds, layout.microseconds);
  }
  bytes.write(address, layout.address, 'hex');
  return bytes;
}
