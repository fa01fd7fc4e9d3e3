import type { Database } from 'better-sqlite3';
import type { Clock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { setAside } from './aside.js';
import { merge, replaceAll } from './merge.js';
import { isDamage, openDatabase, standIn } from './open.js';
import { salvage } from './salvage.js';

/** A fault that was lived through. */
export interface Fault {
  readonly sentence: string;
  /** Whether bans may be missing that the kernel holds. */
  readonly isLoss: boolean;
}

export type OnFault = (fault: Fault) => void;

/**
 * The database behind a ledger, which outlives its file: a damaged one is set aside and a new one begun with what can be read of it,
 * and for one that cannot be opened or written a database in memory stands in, until `mend` succeeds.
 */
export class Store {
  readonly path: string;
  readonly #clock: Clock;
  readonly #onFault: OnFault;
  #database: Database;
  /** While a database in memory stands in for the file: whether it has all that the file has. */
  #standIn: { readonly isWhole: boolean } | undefined;

  /** @throws DropsetError `ledger` if a newer dropset wrote the file. */
  constructor(path: string, clock: Clock, onFault: OnFault) {
    this.path = path;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#database = this.#open();
  }

  get database(): Database {
    return this.#database;
  }

  /** Whether what is written outlives the process. */
  get isDurable(): boolean {
    return this.#standIn === undefined;
  }

  /** Begins a new file in place of a damaged one. */
  replace(): void {
    if (this.#database.open) this.#database.close();
    this.#database = this.#begin();
  }

  /** Tries to take the file again while a database in memory stands in; true if the file is in use then. */
  mend(): boolean {
    if (!this.#standIn) return true;
    try {
      this.#makeSound();
      this.#moveBack(this.#standIn.isWhole);
      return true;
    } catch {
      // It is as it was.
      return false;
    }
  }

  #open(): Database {
    try {
      return openDatabase(this.path);
    } catch (thrown) {
      if (thrown instanceof DropsetError) throw thrown;
      return isDamage(thrown) ? this.#begin() : this.#standInFor(thrown);
    }
  }

  #begin(): Database {
    try {
      const aside = setAside(this.path, this.#clock());
      const database = openDatabase(this.path);
      const bans = salvage(aside, database);
      const sentence = `the ledger ${this.path} was damaged: it is kept as ${aside}, and ${bans} bans could be read from it`;
      this.#onFault({ sentence, isLoss: true });
      return database;
    } catch (thrown) {
      return this.#standInFor(thrown);
    }
  }

  #standInFor(thrown: unknown): Database {
    const { database, isWhole } = standIn(this.path);
    this.#standIn = { isWhole };
    const sentence = `the ledger ${this.path} cannot be used (${messageOf(thrown)}): until it can, bans are in memory and in the kernel alone`;
    this.#onFault({ sentence, isLoss: !isWhole });
    return database;
  }

  #makeSound(): void {
    try {
      openDatabase(this.path).close();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      setAside(this.path, this.#clock());
      openDatabase(this.path).close();
    }
  }

  /** What stood in becomes the file's content; what it did not know of the file stays. */
  #moveBack(isWhole: boolean): void {
    const memory = this.#database;
    memory.prepare('ATTACH ? AS file').run(this.path);
    try {
      memory.transaction(() => (isWhole ? replaceAll(memory) : merge(memory)))();
    } finally {
      memory.exec('DETACH file');
    }
    this.#database = openDatabase(this.path);
    this.#standIn = undefined;
    memory.close();
  }
}
