import type { Database, Statement } from 'better-sqlite3';
import type { Row } from './rows.js';

/** Bans that one statement writes: what a call costs counts, where a million come. */
export const AT_ONCE = 50;

/** Number of row, address, jail, reason, since, until, scope. */
export const COLUMNS = 7;

export type Value = string | number | null;

const INSERT = (rows: number): string =>
  `INSERT INTO ban (id, address, jail, reason, since, until, scope) VALUES ${new Array(rows).fill('(?, ?, ?, ?, ?, ?, ?)').join(', ')}`;

/** A ban of the same jail takes the place of the one that stands, and stands for both; told twice, it is the same one. */
const REPLACE = `UPDATE ban SET
    first = IIF(@since = since, first, COALESCE(first, since)), times = times + (@since <> since),
    reason = @reason, since = @since, until = @until, scope = @scope
  WHERE id = @id`;

/** Bans that are about to go become history, in rows so far behind their own. */
const RETIRE = `INSERT INTO history (id, address, jail, bans, first, last)
  SELECT id + @offset, address, jail, times, COALESCE(first, since), since FROM ban WHERE id > @behind AND id <= @end`;

const RANGE = 'id > @behind AND id <= @end';

export interface Range {
  readonly behind: number;
  readonly end: number;
}

/** A page of live bans behind a row. */
export interface Page {
  readonly now: number;
  readonly behind: number;
  readonly size: number;
}

/** Every statement of bans, prepared once. */
export interface Statements {
  readonly insert: Statement<[readonly Value[]]>;
  /** `AT_ONCE` of them. */
  readonly insertMany: Statement<[readonly Value[]]>;
  readonly replace: Statement<[Pick<Row, 'id' | 'reason' | 'since' | 'until' | 'scope'>]>;
  readonly one: Statement<[number], Row>;
  readonly remove: Statement<[number]>;
  readonly lines: Statement<[number], { lines: string }>;
  readonly putLines: Statement<[number, string]>;
  readonly removeLines: Statement<[number]>;
  readonly page: Statement<[Page], Row>;
  readonly ends: Statement<[Page], End>;
  readonly ended: Statement<[{ now: number; size: number }], Row>;
  readonly countEnded: Statement<[{ now: number; behind: number }], { n: number }>;
  readonly nextEnd: Statement<[], { until: number | null }>;
  readonly last: Statement<[], { id: number | null }>;
  readonly mark: Statement<[string], { value: number }>;
  readonly putMark: Statement<[string, number]>;
  readonly retire: Statement<[Range & { offset: number }]>;
  readonly removeRange: readonly Statement<[Range]>[];
}

/** Row, address, end, scope. */
export type End = [id: number, address: string, until: number | null, scope: string | null];

const LIVE = '(until IS NULL OR until > @now)';

export function prepare(database: Database): Statements {
  const ends = database.prepare<[Page], End>(
    `SELECT id, address, until, scope FROM ban WHERE id > @behind AND ${LIVE} ORDER BY id LIMIT @size`,
  );
  ends.raw();
  return {
    insert: database.prepare(INSERT(1)),
    insertMany: database.prepare(INSERT(AT_ONCE)),
    replace: database.prepare(REPLACE),
    one: database.prepare('SELECT * FROM ban WHERE id = ?'),
    remove: database.prepare('DELETE FROM ban WHERE id = ?'),
    lines: database.prepare('SELECT lines FROM ban_lines WHERE id = ?'),
    putLines: database.prepare('INSERT OR REPLACE INTO ban_lines (id, lines) VALUES (?, ?)'),
    removeLines: database.prepare('DELETE FROM ban_lines WHERE id = ?'),
    page: database.prepare(`SELECT * FROM ban WHERE id > @behind AND ${LIVE} ORDER BY id LIMIT @size`),
    ends,
    ended: database.prepare('SELECT * FROM ban WHERE until <= @now ORDER BY until LIMIT @size'),
    countEnded: database.prepare('SELECT COUNT(*) AS n FROM ban WHERE until <= @now AND id > @behind'),
    nextEnd: database.prepare('SELECT MIN(until) AS until FROM ban WHERE until IS NOT NULL'),
    last: database.prepare('SELECT MAX(id) AS id FROM ban'),
    mark: database.prepare('SELECT value FROM mark WHERE name = ?'),
    putMark: database.prepare('INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)'),
    retire: database.prepare(RETIRE),
    removeRange: ['ban_lines', 'ban'].map((table) => database.prepare(`DELETE FROM ${table} WHERE ${RANGE}`)),
  };
}
