import type { Database, Statement } from 'better-sqlite3';

/** A ban as it is stored. */
export interface Row {
  readonly address: string;
  readonly jail: string;
  readonly reason: string;
  readonly since: number;
  readonly until: number | null;
  /** JSON, where they were asked for and there are any. */
  readonly lines?: string | null;
}

/** All live bans of one address together. */
export interface Union {
  readonly address: string;
  readonly bans: number;
  /** How many of them have an end. */
  readonly ending: number;
  /** The latest of the ends. */
  readonly until: number | null;
}

const LIVE = '(until IS NULL OR until > @now)';
const UNION = `SELECT address, COUNT(*) AS bans, COUNT(until) AS ending, MAX(until) AS until FROM ban WHERE ${LIVE}`;

/** A ban of the same jail replaces the one that stands, and stands for both; told twice, it is the same one. */
const PUT = `INSERT INTO ban (address, jail, reason, since, until) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (address, jail) DO UPDATE SET
    first = IIF(excluded.since = since, first, COALESCE(first, since)), times = times + (excluded.since <> since),
    reason = excluded.reason, since = excluded.since, until = excluded.until`;

/** Bans that are about to go become history. */
const RETIRE = (which: string): string => `INSERT INTO history (address, jail, bans, first, last)
  SELECT address, jail, times, COALESCE(first, since), since FROM ban WHERE ${which}
  ON CONFLICT (address, jail) DO UPDATE SET
    bans = bans + excluded.bans, first = MIN(first, excluded.first), last = MAX(last, excluded.last)`;

const ONE = 'address = @address AND jail = @jail';
const ALL = 'address = @address';
const RANGE = 'address > @last AND address <= @end';

/** Takes bans away: into the history, with their lines, and out. To be run in that order. */
export type Departure<Which> = readonly [Statement<[Which]>, Statement<[Which]>, Statement<[Which]>];

const departure = <Which>(database: Database, which: string): Departure<Which> => [
  database.prepare(RETIRE(which)),
  database.prepare(`DELETE FROM ban_lines WHERE ${which}`),
  database.prepare(`DELETE FROM ban WHERE ${which}`),
];

/** Every statement of bans and positions, prepared once. */
export interface Statements {
  readonly put: Statement<[string, string, string, number, number | null]>;
  readonly putLines: Statement<[string, string, string]>;
  readonly lift: Departure<{ address: string; jail: string }>;
  readonly liftAll: Departure<{ address: string }>;
  /** All bans of the addresses behind `last`, up to `end`. */
  readonly liftRange: Departure<{ last: string; end: string }>;
  readonly union: Statement<[{ now: number; address: string }], Union>;
  readonly unions: Statement<[{ now: number; last: string; size: number }], Union>;
  readonly bans: Statement<[{ now: number; address: string; jail: string; size: number }], Row>;
  readonly bansOf: Statement<[{ now: number; address: string }], Row>;
  readonly addresses: Statement<[{ last: string; size: number }], { address: string }>;
  readonly ended: Statement<[{ now: number; size: number }], Row>;
  readonly count: Statement<[{ now: number }], { n: number }>;
  readonly nextEnd: Statement<[], { until: number | null }>;
  readonly positions: Statement<[], { source: string; position: string }>;
  readonly putPosition: Statement<[string, string]>;
  readonly counts: Statement<[], { counts: string }>;
  readonly putCounts: Statement<[string]>;
  readonly forgetCounts: Statement<[]>;
}

export function prepare(database: Database): Statements {
  return {
    put: database.prepare(PUT),
    putLines: database.prepare('INSERT OR REPLACE INTO ban_lines (address, jail, lines) VALUES (?, ?, ?)'),
    lift: departure(database, ONE),
    liftAll: departure(database, ALL),
    liftRange: departure(database, RANGE),
    union: database.prepare(`${UNION} AND address = @address`),
    unions: database.prepare(`${UNION} AND address > @last GROUP BY address ORDER BY address LIMIT @size`),
    bans: database.prepare(
      `SELECT * FROM ban WHERE ${LIVE} AND (address, jail) > (@address, @jail) ORDER BY address, jail LIMIT @size`,
    ),
    bansOf: database.prepare(
      `SELECT * FROM ban LEFT JOIN ban_lines USING (address, jail) WHERE ${LIVE} AND address = @address`,
    ),
    addresses: database.prepare('SELECT DISTINCT address FROM ban WHERE address > @last ORDER BY address LIMIT @size'),
    ended: database.prepare('SELECT * FROM ban WHERE until <= @now LIMIT @size'),
    count: database.prepare(`SELECT COUNT(*) AS n FROM ban WHERE ${LIVE}`),
    positions: database.prepare('SELECT source, position FROM position ORDER BY source'),
    putPosition: database.prepare('INSERT OR REPLACE INTO position (source, position) VALUES (?, ?)'),
    counts: database.prepare('SELECT counts FROM count_log ORDER BY id'),
    putCounts: database.prepare('INSERT INTO count_log (counts) VALUES (?)'),
    forgetCounts: database.prepare('DELETE FROM count_log'),
    nextEnd: database.prepare('SELECT MIN(until) AS until FROM ban WHERE until IS NOT NULL'),
  };
}
