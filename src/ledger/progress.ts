import type { Database, Statement } from 'better-sqlite3';

/** How far detection has come. */
export interface Progress {
  /** JSON by the source's name. */
  readonly positions: Iterable<readonly [source: string, position: string]>;
  /** Failures that have counted since, as JSON; or all that are open, in place of those told before. */
  readonly counts?: { readonly text: string; readonly isWhole: boolean };
}

/** What sources and jails have told of how far they have come. Its callers bring the transaction. */
export class ProgressLog {
  readonly #positions: Statement<[], { source: string; position: string }>;
  readonly #putPosition: Statement<[string, string]>;
  readonly #counts: Statement<[], { counts: string }>;
  readonly #putCounts: Statement<[string]>;
  readonly #forgetCounts: Statement<[]>;

  constructor(database: Database) {
    this.#positions = database.prepare('SELECT source, position FROM position ORDER BY source');
    this.#putPosition = database.prepare('INSERT OR REPLACE INTO position (source, position) VALUES (?, ?)');
    this.#counts = database.prepare('SELECT counts FROM count_log ORDER BY id');
    this.#putCounts = database.prepare('INSERT INTO count_log (counts) VALUES (?)');
    this.#forgetCounts = database.prepare('DELETE FROM count_log');
  }

  advance({ positions, counts }: Progress): void {
    for (const [source, position] of positions) this.#putPosition.run(source, position);
    if (counts?.isWhole) this.#forgetCounts.run();
    if (counts) this.#putCounts.run(counts.text);
  }

  /** How far each source has been read, as it was told last, in the order of their names. */
  positions(): ReadonlyMap<string, string> {
    return new Map(this.#positions.all().map(({ source, position }) => [source, position]));
  }

  /** What had counted by then, as it was told, the oldest first. */
  counts(): readonly string[] {
    return this.#counts.all().map(({ counts }) => counts);
  }
}
