import type { Database } from 'better-sqlite3';

/** Free pages that are kept for what comes next: fewer than that (4 MiB), and a quarter of the file. */
const KEPT = 1_000;
const SHARE = 0.25;

const number = (database: Database, name: string): number => database.pragma(name, { simple: true }) as number;

/**
 * Gives at most `pages` free pages back to the file system (sqlite.org/pragma.html#pragma_incremental_vacuum); true if there are more
 * to give. The file becomes shorter at the next checkpoint.
 */
export function release(database: Database, pages: number): boolean {
  const free = number(database, 'freelist_count');
  if (!isWorth(free, number(database, 'page_count'))) return false;
  database.pragma(`incremental_vacuum(${pages})`);
  const left = number(database, 'freelist_count');
  return left < free && isWorth(left, number(database, 'page_count'));
}

const isWorth = (free: number, all: number): boolean => free > KEPT && free > all * SHARE;

/**
 * Rewrites a file of an older dropset, once: pages can be given back only where each knows who refers to it. Where there is no room
 * for that, it is tried again at the next start, and the file only ever grows.
 */
export function prepareRelease(database: Database): void {
  const INCREMENTAL = 2;
  if (number(database, 'auto_vacuum') === INCREMENTAL) return;
  database.pragma('auto_vacuum = INCREMENTAL');
  try {
    database.exec('VACUUM');
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'SQLITE_FULL') throw thrown;
  }
}
