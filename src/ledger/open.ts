import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { migrate, tune } from './schema.js';
import { prepareRelease } from './vacuum.js';

/** The largest file that a stand-in reads into memory. */
const LARGEST = 512 * 1024 * 1024;

/** Opens or makes the file, readable by its owner alone. */
export function openDatabase(path: string): Database.Database {
  const inMemory = path === ':memory:';
  if (!inMemory) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new Database(path);
  try {
    if (!inMemory) chmodSync(path, 0o600);
    tune(database);
    migrate(database);
    if (!inMemory) prepareRelease(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** A database in memory, with what can be read of a file that cannot be written. */
export function standIn(path: string): { readonly database: Database.Database; readonly isWhole: boolean } {
  try {
    return { database: copyOf(path), isWhole: true };
  } catch {
    return { database: openDatabase(':memory:'), isWhole: false };
  }
}

/** What is still in the write-ahead log is not read: no more than the last ten seconds or 50,000 rows before an orderless end. */
function copyOf(path: string): Database.Database {
  if (statSync(path).size > LARGEST) throw new RangeError(`${path} is larger than ${LARGEST} bytes`);
  const bytes = readFileSync(path);
  // File format versions, sqlite.org/fileformat.html 1.3: a database in memory has no write-ahead log.
  bytes.fill(1, 18, 20);
  const database = new Database(bytes);
  migrate(database);
  return database;
}

/** Whether a file is damaged, and not only out of reach. */
export const isDamage = (thrown: unknown): boolean =>
  /^SQLITE_(?:CORRUPT|NOTADB)/.test((thrown as { readonly code?: string }).code ?? '');
