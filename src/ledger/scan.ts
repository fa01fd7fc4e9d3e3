import type { Database } from 'better-sqlite3';
import { damage } from './rows.js';

/** Rows that are read in one piece: SQLite writes them as one text, which is three times as fast as row by row. */
const PIECE = 5_000;

const SPACE = 32;
const LINE_FEED = 10;

/** Told an address as a part of a text, and its row. */
export type Seen = (text: string, from: number, to: number, id: number) => void;

/**
 * Tells the addresses of at most `most` rows of a table behind a row, in no order.
 *
 * @returns the last row; undefined if there is none.
 * @throws with SQLite's code for damage where something is no address.
 */
export function scan(
  database: Database,
  table: 'ban' | 'history',
  behind: number,
  most: number,
  seen: Seen,
): number | undefined {
  const select = database.prepare<[number, number], [number | null, string | null, number]>(
    `SELECT MAX(id), GROUP_CONCAT(id || ' ' || address, char(10)), COUNT(*)
     FROM (SELECT id, address FROM ${table} WHERE id > ? ORDER BY id LIMIT ?)`,
  );
  select.raw();
  let last: number | undefined;
  for (let left = most; left > 0; ) {
    const size = Math.min(left, PIECE);
    const [id, text, count] = select.get(last ?? behind, size) as [number | null, string | null, number];
    if (id === null || text === null) break;
    tell(text, count, seen);
    last = id;
    left -= count;
    if (count < size) break;
  }
  return last;
}

/** Lines of a number, a space and an address. */
function tell(text: string, count: number, seen: Seen): void {
  let lines = 0;
  for (let at = 0; at < text.length; lines++) {
    let id = 0;
    for (let code = text.charCodeAt(at); code !== SPACE; code = text.charCodeAt(++at)) id = id * 10 + (code - 48);
    const from = ++at;
    while (at < text.length && text.charCodeAt(at) !== LINE_FEED)
      if (!isOfAddress(text.charCodeAt(at++))) throw damage(text.slice(from, at));
    seen(text, from, at++, id);
  }
  if (lines !== count) throw damage(text.slice(0, 50));
}

/** 0 to 9 with `.` and `/` before and `:` behind, a to f. */
const isOfAddress = (code: number): boolean => (code >= 46 && code <= 58) || (code >= 97 && code <= 102);
