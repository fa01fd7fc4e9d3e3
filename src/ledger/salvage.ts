import Database from 'better-sqlite3';
import { Prefix } from '../model/prefix.js';

/** Tables, what orders them, and whether a row of them belongs to an address. */
const TABLES = [
  {
    name: 'ban',
    key: 'address, jail',
    columns: 'address, jail, reason, since, until, first, times',
    isOfAddress: true,
  },
  { name: 'ban_lines', key: 'address, jail', columns: 'address, jail, lines', isOfAddress: true },
  { name: 'history', key: 'address, jail', columns: 'address, jail, bans, first, last', isOfAddress: true },
  { name: 'position', key: 'source', columns: 'source, position', isOfAddress: false },
  { name: 'count_log', key: 'id', columns: 'id, counts', isOfAddress: false },
] as const;

/**
 * Copies what can still be read of a damaged file: each table from its beginning to the damage, and from its end back to it.
 *
 * @returns how many bans.
 */
export function salvage(from: string, into: Database.Database): number {
  let damaged: Database.Database | undefined;
  try {
    damaged = new Database(from, { fileMustExist: true });
    const file = damaged;
    into.transaction(() => {
      for (const table of TABLES) for (const order of ['ASC', 'DESC'] as const) copy(file, into, table, order);
    })();
  } catch {
    // Nothing of it can be read.
  }
  damaged?.close();
  return into.prepare('SELECT COUNT(*) FROM ban').pluck().get() as number;
}

function copy(
  from: Database.Database,
  into: Database.Database,
  { name, key, columns, isOfAddress }: (typeof TABLES)[number],
  order: 'ASC' | 'DESC',
): void {
  const places = columns.replace(/\w+/g, '?');
  const put = into.prepare(`INSERT OR IGNORE INTO ${name} (${columns}) VALUES (${places})`);
  const keys = key.replace(/\w+/g, (column) => `${column} ${order}`);
  try {
    const rows = from.prepare(`SELECT ${columns} FROM ${name} ORDER BY ${keys}`).raw().iterate() as Iterable<unknown[]>;
    for (const row of rows) if (!isOfAddress || isAddress(row[0])) put.run(row);
  } catch {
    // So far, and no further.
  }
}

const isAddress = (value: unknown): boolean => typeof value === 'string' && Prefix.tryParse(value)?.text === value;
