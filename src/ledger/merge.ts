import type { Database } from 'better-sqlite3';

const TABLES = ['ban', 'ban_lines', 'history', 'mark', 'position', 'count_log', 'jail_scope', 'ban_extension'] as const;

/** Makes the attached database `file` what this one is. */
export function replaceAll(database: Database): void {
  for (const table of TABLES) {
    database.exec(`DELETE FROM file.${table}; INSERT INTO file.${table} SELECT * FROM main.${table}`);
  }
}

/** Adds what this one knows to the attached database `file`; what both know is as this one has it. Rows move behind those that are there. */
export function merge(database: Database): void {
  const behind = (table: string): string => `(SELECT COALESCE(MAX(id), 0) FROM file.${table})`;
  const lifted = "(SELECT COALESCE(MAX(value), 0) FROM main.mark WHERE name = 'lifted')";
  // A row up to its mark would be taken for one that was lifted.
  const offset = database
    .prepare(`SELECT MAX(${behind('ban')}, (SELECT COALESCE(MAX(value), 0) FROM file.mark WHERE name = 'lifted'))`)
    .pluck()
    .get() as number;
  database.exec(`
    INSERT INTO file.history SELECT id + ${behind('history')}, address, jail, bans, first, last FROM main.history;
    INSERT INTO file.history (address, jail, bans, first, last)
      SELECT address, jail, times, COALESCE(first, since), since FROM main.ban WHERE id <= ${lifted};
    CREATE TEMP TABLE known AS SELECT id FROM file.ban WHERE (address, jail) IN
      (SELECT address, jail FROM main.ban WHERE id > ${lifted});
    DELETE FROM file.ban_lines WHERE id IN (SELECT id FROM known);
    DELETE FROM file.ban WHERE id IN (SELECT id FROM known);
    DROP TABLE known;
    INSERT INTO file.ban SELECT id + ${offset}, address, jail, reason, since, until, first, times, scope FROM main.ban
      WHERE id > ${lifted};
    INSERT INTO file.ban_extension SELECT id + ${offset}, times, active, span FROM main.ban_extension WHERE id > ${lifted};
    INSERT INTO file.ban_lines SELECT id + ${offset}, lines FROM main.ban_lines WHERE id > ${lifted};
    INSERT OR REPLACE INTO file.position SELECT * FROM main.position;
    INSERT OR REPLACE INTO file.jail_scope SELECT * FROM main.jail_scope;
    DELETE FROM file.count_log; INSERT INTO file.count_log SELECT * FROM main.count_log;`);
}
