import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';

const PAGE = 4096;

/** Ways in which a file of a ledger comes to harm. It must be closed. */
export const DAMAGES = {
  garbage: (path: string): void => writeFileSync(path, 'no database '.repeat(1000)),
  truncated: (path: string): void => truncateSync(path, Math.floor(statSync(path).size / 2 / PAGE) * PAGE),
  flipped: flip,
} as const;

/** Turns the bits of one leaf of the table `ban` over, in its middle. */
function flip(path: string): void {
  const database = new Database(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'ban'").pluck().get() as number;
  database.close();
  const bytes = readFileSync(path);
  // sqlite.org/fileformat.html 1.6: an interior page of a table has type 5, its cells begin with the number of a child.
  const at = (root - 1) * PAGE;
  if (bytes[at] !== 5) throw new Error('the table is too small to have leaves');
  const cells = bytes.readUInt16BE(at + 3);
  const child = bytes.readUInt32BE(at + bytes.readUInt16BE(at + 12 + 2 * (cells >> 1)));
  const leaf = bytes.subarray((child - 1) * PAGE, child * PAGE).map((byte) => byte ^ 0xff);
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, leaf, 0, PAGE, (child - 1) * PAGE);
  closeSync(descriptor);
}
