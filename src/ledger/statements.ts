import type { Database, Statement } from 'better-sqlite3';

/** A ban as it is stored. */
export interface Row {
  readonly address: string;
  readonly jail: string;
  readonly reason: string;
  readonly since: number;
  readonly until: number | null;
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

/** Every statement of the ledger, prepared once. */
export interface Statements {
  readonly put: Statement<[string, string, string, number, number | null]>;
  readonly lift: Statement<[string, string]>;
  readonly liftAll: Statement<[string]>;
  readonly union: Statement<[{ now: number; address: string }], Union>;
  readonly unions: Statement<[{ now: number; last: string; size: number }], Union>;
  readonly bans: Statement<[{ now: number; address: string; jail: string; size: number }], Row>;
  readonly bansOf: Statement<[{ now: number; address: string }], Row>;
  readonly addresses: Statement<[{ size: number }], { address: string }>;
  readonly ended: Statement<[{ now: number; size: number }], Row>;
  readonly count: Statement<[{ now: number }], { n: number }>;
  readonly nextEnd: Statement<[], { until: number | null }>;
  readonly positions: Statement<[], { source: string; position: string }>;
  readonly putPosition: Statement<[string, string]>;
  readonly forgetPosition: Statement<[string]>;
}

export function prepare(database: Database): Statements {
  return {
    put: database.prepare('INSERT OR REPLACE INTO ban (address, jail, reason, since, until) VALUES (?, ?, ?, ?, ?)'),
    lift: database.prepare('DELETE FROM ban WHERE address = ? AND jail = ?'),
    liftAll: database.prepare('DELETE FROM ban WHERE address = ?'),
    union: database.prepare(`${UNION} AND address = @address`),
    unions: database.prepare(`${UNION} AND address > @last GROUP BY address ORDER BY address LIMIT @size`),
    bans: database.prepare(
      `SELECT * FROM ban WHERE ${LIVE} AND (address, jail) > (@address, @jail) ORDER BY address, jail LIMIT @size`,
    ),
    bansOf: database.prepare(`SELECT * FROM ban WHERE ${LIVE} AND address = @address`),
    addresses: database.prepare('SELECT DISTINCT address FROM ban LIMIT @size'),
    ended: database.prepare('SELECT * FROM ban WHERE until <= @now LIMIT @size'),
    count: database.prepare(`SELECT COUNT(*) AS n FROM ban WHERE ${LIVE}`),
    positions: database.prepare('SELECT source, position FROM position ORDER BY source'),
    putPosition: database.prepare('INSERT OR REPLACE INTO position (source, position) VALUES (?, ?)'),
    forgetPosition: database.prepare('DELETE FROM position WHERE source = ?'),
    nextEnd: database.prepare('SELECT MIN(until) AS until FROM ban WHERE until IS NOT NULL'),
  };
}
