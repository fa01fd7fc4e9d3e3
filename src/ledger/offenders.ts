import type { Database, Statement } from 'better-sqlite3';
import type { Offender } from '../model/offender.js';
import { isObserved } from '../model/scope.js';
import type { Bans } from './bans.js';
import { byJail, type History, type PastRow } from './history.js';
import { asPast, type Row, stored, storedScope } from './rows.js';

/** Where a walk over all who were banned is: first through the bans, then through the history. */
export interface Place {
  readonly table: 'ban' | 'history';
  /** The row that was looked at last. */
  readonly behind: number;
  /** In the history: bans up to this row have been told. */
  readonly told: number;
}

/** Rows of the history that it gets to know in one step. */
const LEARNED = 20_000;

export const START: Place = { table: 'ban', behind: 0, told: 0 };

export interface OffenderPage {
  readonly offenders: readonly Offender[];
  /** Undefined at the end. */
  readonly next: Place | undefined;
}

export interface Wanted {
  /** Offences of jails whose last ban began then or later. */
  readonly since: number;
  readonly now: number;
  /** Rows that are looked at. */
  readonly size: number;
}

export interface Tables {
  readonly database: Database;
  readonly bans: Pick<Bans, 'mayKnow' | 'isShared' | 'rowsOf' | 'pastOf' | 'range'>;
  readonly history: Pick<History, 'of' | 'mayKnow' | 'isShared' | 'isLearned' | 'learn'>;
}

type BanRow = readonly [number, string, string, number, number, number, number | null, string | null];

type HistoryRow = readonly [number, string, string, number, number, number];

const BANS = `SELECT id, address, jail, times, COALESCE(first, since), since, until, scope
  FROM ban WHERE id > ? ORDER BY id LIMIT ?`;
const HISTORY = 'SELECT id, address, jail, bans, first, last FROM history WHERE id > ? ORDER BY id LIMIT ?';

interface Statements {
  readonly bans: Statement<[number, number]>;
  readonly history: Statement<[number, number]>;
}

const PREPARED = new WeakMap<Database, Statements>();

function statementsOf(database: Database): Statements {
  const known = PREPARED.get(database);
  if (known) return known;
  const prepare = (text: string): Statement<[number, number]> => database.prepare<[number, number]>(text).raw();
  const statements = { bans: prepare(BANS), history: prepare(HISTORY) };
  PREPARED.set(database, statements);
  return statements;
}

/** Whether a ban is live, and not of a jail that only observes. */
const drops = ({ until, scope }: Pick<Row, 'until' | 'scope'>, now: number): boolean =>
  (until === null || until > now) && !isObserved(storedScope(scope));

/**
 * Who was banned, of the rows behind a place: an address is told at its first row, with all that is known of it. Rows are read in their own
 * order, and the indexes in memory lead to an address' others: nothing has to be sorted, and no page takes longer than another.
 */
export function offendersBehind(tables: Tables, place: Place, wanted: Wanted): OffenderPage {
  // Without its index a look-up in the history is a search: first it gets to know all.
  if (!tables.history.isLearned) {
    tables.history.learn(LEARNED);
    return { offenders: [], next: place };
  }
  return place.table === 'ban' ? ofBans(tables, place, wanted) : ofHistory(tables, place, wanted);
}

function ofBans(tables: Tables, place: Place, wanted: Wanted): OffenderPage {
  const rows = statementsOf(tables.database).bans.all(place.behind, wanted.size) as BanRow[];
  const lifted = tables.bans.range.behind;
  const offenders = rows.flatMap(([id, address, jail, bans, first, last, until, scope]) => {
    if (tables.bans.isShared(address) || tables.history.mayKnow(address)) {
      const known = allOf(tables, address);
      return known.rows.some((other) => other.id < id) ? [] : wantedOf(address, known, wanted);
    }
    if (last < wanted.since) return [];
    const isBanned = id > lifted && drops({ until, scope }, wanted.now);
    return [{ prefix: stored(address), offences: [{ jail, bans, first, last }], isBanned }];
  });
  const last = rows.at(-1)?.[0] ?? place.behind;
  const isOver = rows.length < wanted.size;
  return { offenders, next: isOver ? { table: 'history', behind: 0, told: last } : { ...place, behind: last } };
}

function ofHistory(tables: Tables, place: Place, wanted: Wanted): OffenderPage {
  const found = statementsOf(tables.database).history.all(place.behind, wanted.size) as HistoryRow[];
  const offenders = found.flatMap(([id, address, jail, bans, first, last]) => {
    const rows = tables.bans.mayKnow(address) ? bansOf(tables, address) : [];
    if (rows.some((ban) => ban.id <= place.told)) return [];
    if (rows.length > 0 || tables.history.isShared(address)) {
      const known = allOf(tables, address);
      return known.past.some((other) => other.id < id) ? [] : wantedOf(address, known, wanted);
    }
    if (last < wanted.since) return [];
    return [{ prefix: stored(address), offences: [{ jail, bans, first, last }], isBanned: false }];
  });
  const last = found.at(-1)?.[0];
  return { offenders, next: found.length < wanted.size ? undefined : { ...place, behind: last as number } };
}

const bansOf = ({ bans }: Tables, address: string): readonly Row[] => [
  ...bans.rowsOf(address),
  ...bans.pastOf(address),
];

interface Known {
  /** Of the table of bans, and those of them that are live as far as they were not lifted. */
  readonly rows: readonly Row[];
  readonly standing: readonly Row[];
  readonly past: readonly PastRow[];
}

function allOf({ bans, history }: Tables, address: string): Known {
  const standing = bans.rowsOf(address);
  return { rows: [...standing, ...bans.pastOf(address)], standing, past: history.of(address) };
}

function wantedOf(address: string, { rows, standing, past }: Known, { since, now }: Wanted): readonly Offender[] {
  const all = [...rows.map(asPast), ...past];
  const offences = byJail(all)
    .filter(({ last }) => last >= since)
    .map(({ jail, bans, first, last }) => ({ jail, bans, first, last }));
  if (offences.length === 0) return [];
  return [{ prefix: stored(address), offences, isBanned: standing.some((row) => drops(row, now)) }];
}
