import Database from 'better-sqlite3';
import { Prefix } from '../model/prefix.js';
import { Scope } from '../model/scope.js';
import { EARLIER, MOVE } from './schema.js';

interface Table {
  readonly name: string;
  /** What orders its rows. */
  readonly key: string;
  readonly columns: string;
}

const OTHERS: readonly Table[] = [
  { name: 'position', key: 'source', columns: 'source, position' },
  { name: 'count_log', key: 'id', columns: 'id, counts' },
];

/** From schema 7 on. */
const JAIL_SCOPE: Table = { name: 'jail_scope', key: 'jail', columns: 'jail, scope' };

/** From schema 8 on. */
const EXTENSION: Table = { name: 'ban_extension', key: 'id', columns: 'id, times, active, span' };

const BAN = 'address, jail, reason, since, until, first, times';
const HISTORY = 'address, jail, bans, first, last';

const TABLES: readonly Table[] = [
  { name: 'ban_lines', key: 'id', columns: 'id, lines' },
  { name: 'history', key: 'id', columns: `id, ${HISTORY}` },
  { name: 'mark', key: 'name', columns: 'name, value' },
  ...OTHERS,
];

const BANS: Table = { name: 'ban', key: 'id', columns: `id, ${BAN}` };
const SCOPED_BANS: Table = { name: 'ban', key: 'id', columns: `id, ${BAN}, scope` };

/** As they were up to schema 5. */
const EARLIER_TABLES: readonly Table[] = [
  { name: 'ban', key: 'address, jail', columns: BAN },
  { name: 'ban_lines', key: 'address, jail', columns: 'address, jail, lines' },
  { name: 'history', key: 'address, jail', columns: HISTORY },
];

/**
 * Copies what can still be read of a damaged file: each table from its beginning to the damage, and from its end back to it.
 *
 * @param into of today's schema, and empty.
 * @returns how many bans.
 */
export function salvage(from: string, into: Database.Database): number {
  let damaged: Database.Database | undefined;
  try {
    damaged = new Database(from, { fileMustExist: true });
    const file = damaged;
    const version = file.pragma('user_version', { simple: true }) as number;
    into.transaction(() => (version < 6 ? copyEarlier(file, into) : copyAll(file, into, tablesOf(version))))();
    // The lines of a ban that is lost would be taken for those of the next one.
    into.exec('DELETE FROM ban_lines WHERE id NOT IN (SELECT id FROM ban)');
    into.exec('DELETE FROM ban_extension WHERE id NOT IN (SELECT id FROM ban)');
  } catch {
    // Nothing of it can be read.
  }
  damaged?.close();
  return into.prepare('SELECT COUNT(*) FROM ban').pluck().get() as number;
}

function tablesOf(version: number): readonly Table[] {
  if (version < 7) return [BANS, ...TABLES];
  return [SCOPED_BANS, JAIL_SCOPE, ...(version < 8 ? [] : [EXTENSION]), ...TABLES];
}

/** By tables as they were, which are moved to today's as a migration does it. */
function copyEarlier(from: Database.Database, into: Database.Database): void {
  const earlier = (name: string): string => `earlier_${name}`;
  into.exec(EARLIER(earlier));
  for (const table of EARLIER_TABLES) copy(from, into, table, earlier(table.name));
  into.exec(MOVE(earlier, (name) => name));
  for (const { name } of EARLIER_TABLES) into.exec(`DROP TABLE ${earlier(name)}`);
  copyAll(from, into, OTHERS);
}

function copyAll(from: Database.Database, into: Database.Database, tables: readonly Table[]): void {
  for (const table of tables) copy(from, into, table, table.name);
}

function copy(from: Database.Database, into: Database.Database, { name, key, columns }: Table, target: string): void {
  const names = columns.split(', ');
  const put = into.prepare(`INSERT OR IGNORE INTO ${target} (${columns}) VALUES (${names.map(() => '?')})`);
  const [address, scope] = [names.indexOf('address'), names.indexOf('scope')];
  for (const order of ['ASC', 'DESC'] as const) {
    const keys = key.replace(/\w+/g, (column) => `${column} ${order}`);
    try {
      const rows = from.prepare(`SELECT ${columns} FROM ${name} ORDER BY ${keys}`).raw().iterate();
      for (const row of rows as Iterable<unknown[]>) {
        if ((address < 0 || isAddress(row[address])) && (scope < 0 || isScope(row[scope]))) put.run(row);
      }
    } catch {
      // So far, and no further.
    }
  }
}

const isAddress = (value: unknown): boolean => typeof value === 'string' && Prefix.tryParse(value)?.text === value;

function isScope(value: unknown): boolean {
  try {
    return value === null || (typeof value === 'string' && Scope.parse(value)?.text === value);
  } catch {
    return false;
  }
}
