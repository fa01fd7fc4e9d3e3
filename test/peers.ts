import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const FOLDER = resolve('.cache/peers/run');

/** The path of a program that scripts/peers has unpacked. */
export const peer = (name: string): string => resolve(FOLDER, name);

/** For tests of what starts journalctl by itself: an installed one comes first. */
export function addPeersToPath(): void {
  process.env.PATH = `${process.env.PATH}:${FOLDER}`;
}

export interface Written {
  /** In microseconds since the epoch. */
  readonly time: number;
  /** A value that is a Buffer may hold anything; several values make several fields of one name. */
  readonly fields: readonly (readonly [name: string, value: string | Buffer])[];
}

/** Adds entries to a journal file, or makes it. */
export function writeJournal(path: string, entries: readonly Written[]): void {
  const input = Buffer.concat(entries.map(exported));
  const { status, stderr } = spawnSync(peer('systemd-journal-remote'), ['-o', path, '-'], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`systemd-journal-remote: ${stderr}`);
}

/** Puts entries into the format of `journalctl -o export` (systemd's JOURNAL_EXPORT_FORMATS). */
function exported({ time, fields }: Written): Buffer {
  const head = `__REALTIME_TIMESTAMP=${time}\n__MONOTONIC_TIMESTAMP=${time % 1e9}\n_BOOT_ID=${'0123456789abcdef'.repeat(2)}\n`;
  return Buffer.concat([Buffer.from(head), ...fields.map(([name, value]) => field(name, value)), Buffer.from('\n')]);
}

function field(name: string, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')]);
}
