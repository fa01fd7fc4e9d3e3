import type { Database, Statement } from 'better-sqlite3';

/**
 * Addresses whose element is being taken away, until the kernel has answered: a process that is killed in between has lifted a ban that
 * the kernel goes on with, and nothing else would tell the next one. What is added needs no such mark: a start adds everything again.
 */
export class Doubts {
  readonly #put: Statement<[string]>;
  readonly #drop: Statement<[number]>;
  readonly #all: Statement<[], { id: number; addresses: string }>;

  constructor(database: Database) {
    this.#put = database.prepare('INSERT INTO doubt (addresses) VALUES (?)');
    this.#drop = database.prepare('DELETE FROM doubt WHERE id = ?');
    this.#all = database.prepare('SELECT id, addresses FROM doubt ORDER BY id');
  }

  /** Answers a number for `settle`. To be called in the transaction that lifts. */
  enter(addresses: readonly string[]): number {
    return Number(this.#put.run(JSON.stringify(addresses)).lastInsertRowid);
  }

  settle(id: number): void {
    this.#drop.run(id);
  }

  all(): readonly { readonly id: number; readonly addresses: readonly string[] }[] {
    return this.#all.all().map(({ id, addresses }) => ({ id, addresses: JSON.parse(addresses) as string[] }));
  }
}
