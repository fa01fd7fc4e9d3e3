import type { Database } from 'better-sqlite3';
import { DropsetError } from '../model/errors.js';

type Naming = (table: string) => string;

/** Tables that had the order of addresses up to schema 4. */
const MOVED = ['ban', 'ban_lines', 'history'] as const;

/** They as they were then, under other names. */
export const EARLIER = (named: Naming): string => `
  CREATE TABLE ${named('ban')} (address TEXT, jail TEXT, reason TEXT, since INTEGER, until INTEGER, first INTEGER, times INTEGER,
    PRIMARY KEY (address, jail)) WITHOUT ROWID;
  CREATE TABLE ${named('ban_lines')} (address TEXT, jail TEXT, lines TEXT, PRIMARY KEY (address, jail)) WITHOUT ROWID;
  CREATE TABLE ${named('history')} (address TEXT, jail TEXT, bans INTEGER, first INTEGER, last INTEGER,
    PRIMARY KEY (address, jail)) WITHOUT ROWID;`;

/** Rows in the order of addresses become rows in the order in which they are written, or were. */
export const MOVE = (from: Naming, to: Naming): string => `
  INSERT INTO ${to('ban')} (address, jail, reason, since, until, first, times)
    SELECT address, jail, reason, since, until, first, times FROM ${from('ban')} ORDER BY address, jail;
  INSERT INTO ${to('ban_lines')} SELECT ban.id, lines FROM ${to('ban')} AS ban CROSS JOIN ${from('ban_lines')} USING (address, jail);
  INSERT INTO ${to('history')} (address, jail, bans, first, last)
    SELECT address, jail, bans, first, last FROM ${from('history')} ORDER BY last;`;

/** Steps from one version of the schema to the next; `PRAGMA user_version` counts those that were taken. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE ban (
     address TEXT NOT NULL,    -- canonical; with /length for a prefix
     jail    TEXT NOT NULL,    -- or 'manual'
     reason  TEXT NOT NULL,
     since   INTEGER NOT NULL, -- milliseconds since the epoch
     until   INTEGER,          -- null: never
     PRIMARY KEY (address, jail)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX ban_until ON ban (until) WHERE until IS NOT NULL;`,
  `CREATE TABLE position (
     source   TEXT NOT NULL PRIMARY KEY,
     position TEXT NOT NULL    -- JSON
   ) STRICT, WITHOUT ROWID;`,
  // Null and 1 take no room in a row: an import of a million bans is no larger for them.
  `ALTER TABLE ban ADD COLUMN first INTEGER; -- since of the first of the bans that this one replaced; null: of itself
   ALTER TABLE ban ADD COLUMN times INTEGER NOT NULL DEFAULT 1; -- how many it stands for
   CREATE TABLE ban_lines (
     address TEXT NOT NULL,
     jail    TEXT NOT NULL,
     lines   TEXT NOT NULL,    -- JSON: an array of texts
     PRIMARY KEY (address, jail)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE history (      -- of bans that have ended or were lifted
     address TEXT NOT NULL,
     jail    TEXT NOT NULL,
     bans    INTEGER NOT NULL,
     first   INTEGER NOT NULL, -- since of the first and the last of them
     last    INTEGER NOT NULL,
     PRIMARY KEY (address, jail)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE count_log (    -- failures that have counted, to be read in this order
     id     INTEGER PRIMARY KEY,
     counts TEXT NOT NULL      -- JSON
   ) STRICT;`,
  // No number comes twice, so that nobody settles another's doubt.
  `CREATE TABLE doubt (        -- whose element is being taken away, until the kernel has answered
     id        INTEGER PRIMARY KEY AUTOINCREMENT,
     addresses TEXT NOT NULL   -- JSON: an array of texts
   ) STRICT;`,
  // In the order in which they came: in the order of addresses, a few thousand in no order had nearly every page written anew.
  // The index of addresses is in memory (address-index.ts).
  `CREATE TABLE new_ban (
     id      INTEGER PRIMARY KEY,
     address TEXT NOT NULL,     -- canonical; with /length for a prefix
     jail    TEXT NOT NULL,     -- or 'manual'
     reason  TEXT NOT NULL,
     since   INTEGER NOT NULL,  -- milliseconds since the epoch
     until   INTEGER,           -- null: never
     first   INTEGER,           -- since of the first of the bans that this one replaced; null: of itself
     times   INTEGER NOT NULL DEFAULT 1 -- how many it stands for
   ) STRICT;
   CREATE TABLE new_ban_lines (
     id    INTEGER PRIMARY KEY, -- of the ban
     lines TEXT NOT NULL        -- JSON: an array of texts
   ) STRICT;
   CREATE TABLE new_history (   -- of bans that have ended or were lifted, in the order in which they came here
     id      INTEGER PRIMARY KEY,
     address TEXT NOT NULL,
     jail    TEXT NOT NULL,
     bans    INTEGER NOT NULL,
     first   INTEGER NOT NULL,  -- since of the first and the last of them
     last    INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE mark (
     name  TEXT NOT NULL PRIMARY KEY, -- lifted: up to this row of ban all were lifted at once, and are history; clearing: the kernel may still hold them
     value INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   ${MOVE(
     (name) => name,
     (name) => `new_${name}`,
   )}
   ${MOVED.map((table) => `DROP TABLE ${table}; ALTER TABLE new_${table} RENAME TO ${table};`).join('\n')}
   CREATE INDEX ban_until ON ban (until) WHERE until IS NOT NULL;`,
  `ALTER TABLE ban ADD COLUMN scope TEXT; -- canonical; null: all packets are dropped
   CREATE TABLE jail_scope (    -- what the live bans of a jail have, whatever they had when they came
     jail  TEXT NOT NULL PRIMARY KEY,
     scope TEXT                 -- as above
   ) STRICT, WITHOUT ROWID;`,
  // A table of its own for the few that have it. It goes with the ban, and another ban in its place begins anew.
  `CREATE TABLE ban_extension (
     id     INTEGER PRIMARY KEY, -- of the ban
     times  INTEGER NOT NULL,    -- how often its end was moved because packets still came
     active INTEGER NOT NULL,    -- when they were last seen
     span   INTEGER NOT NULL     -- milliseconds that it was for at first
   ) STRICT;
   CREATE TRIGGER ban_gone AFTER DELETE ON ban BEGIN DELETE FROM ban_extension WHERE id = OLD.id; END;
   CREATE TRIGGER ban_replaced AFTER UPDATE OF since ON ban BEGIN DELETE FROM ban_extension WHERE id = OLD.id; END;`,
];

/** Brings an opened database to today's schema. @throws DropsetError `ledger` if it was written by a newer dropset. */
export function migrate(database: Database): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new DropsetError(
      'ledger',
      `${database.name} was written by a newer dropset (schema ${version}): upgrade dropset`,
    );
  }
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(step);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/**
 * WAL, so that a commit is one append and readers never wait. NORMAL: a commit survives the death of the process and an
 * orderly reboot; after a power cut the last few may be missing, never half of one (sqlite.org/wal.html).
 */
export function tune(database: Database): void {
  // Before the first page is written: afterwards only a VACUUM changes it.
  database.pragma('auto_vacuum = INCREMENTAL');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.pragma('busy_timeout = 2000');
  // A checkpoint waits for the disk, some milliseconds. Ours is called when no ban waits for it.
  database.pragma('wal_autocheckpoint = 0');
  database.pragma('journal_size_limit = 67108864');
}
