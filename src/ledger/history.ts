import type { Database, Statement } from 'better-sqlite3';
import type { Clock } from '../model/clock.js';
import { AddressIndex } from './address-index.js';
import { scan } from './scan.js';

export interface HistoryOptions {
  readonly clock: Clock;
  /** Milliseconds that a ban is remembered for, from its beginning. */
  readonly retention: number;
  /** Rows that are kept, some 60 bytes each: those that were written last. */
  readonly capacity: number;
}

/** How often a jail banned a prefix. */
export interface Past {
  readonly address: string;
  readonly jail: string;
  readonly bans: number;
  /** When the first and the last of these bans began, milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
}

/** As it is stored. */
export type PastRow = Past & { readonly id: number };
type Row = PastRow;
type Place = Pick<Row, 'id' | 'address' | 'last'>;

const BEHIND = 'SELECT id, address, last FROM history WHERE id > ? ORDER BY id LIMIT ?';

/** What is known without a look at the rows. */
interface Sums {
  last: number;
  rows: number;
  /** Up to this row the index knows all; what was moved here in bulk, or by an earlier run, it gets to know later. */
  learned: number;
}

/**
 * Bans that are over: who, by which jail, how often, when. Rows stand in the order in which they were written, and the index of their
 * addresses is in memory, as that of the bans is. An address may have several rows of one jail, which count together.
 *
 * Its callers bring the transaction, and tell how it ended.
 */
export class History {
  readonly #database: Database;
  #options: HistoryOptions;
  readonly #one: Statement<[number], Row>;
  readonly #unlearned: Statement<[number, string], Row>;
  readonly #put: Statement<[Row]>;
  readonly #remove: Statement<[number]>;
  readonly #behind: Statement<[number, number], Place>;
  #index = new AddressIndex();
  #sums: Sums | undefined;
  #before: Sums | undefined;
  /** Where the walk for what is too old is. */
  #at = 0;

  constructor(database: Database, options: HistoryOptions) {
    this.#database = database;
    this.#options = options;
    this.#one = database.prepare('SELECT * FROM history WHERE id = ?');
    this.#unlearned = database.prepare('SELECT * FROM history WHERE id > ? AND address = ?');
    this.#put = database.prepare('INSERT INTO history VALUES (@id, @address, @jail, @bans, @first, @last)');
    this.#remove = database.prepare('DELETE FROM history WHERE id = ?');
    this.#behind = database.prepare(BEHIND);
  }

  begin(): void {
    this.#before = { ...this.#load() };
    this.#index.begin();
  }

  commit(): void {
    this.#before = undefined;
    this.#index.commit();
  }

  rollback(): void {
    this.#sums = this.#before;
    this.#before = undefined;
    this.#index.rollback();
  }

  /** @param retention milliseconds, from here on. */
  retain(retention: number): void {
    this.#options = { ...this.#options, retention };
  }

  /** What is known of one prefix. */
  of(address: string): readonly PastRow[] {
    const { learned, last } = this.#load();
    return [...this.#learned(address), ...(learned < last ? this.#unlearned.all(learned, address) : [])];
  }

  /** Whether there may be anything of a prefix, as far as rows are known. */
  mayKnow(address: string): boolean {
    return this.#index.has(this.#index.hash(address));
  }

  /** Whether more than one row may be of a prefix, as far as rows are known. */
  isShared(address: string): boolean {
    return this.#index.find(this.#index.hash(address)).length > 1;
  }

  /** Whether `of` needs no search. */
  get isLearned(): boolean {
    const { learned, last } = this.#load();
    return learned === last;
  }

  /** One more, or several, of a prefix and a jail. */
  add(past: Past): void {
    const sums = this.#load();
    const isComplete = sums.learned === sums.last;
    const before = isComplete ? this.#learned(past.address).find(({ jail }) => jail === past.jail) : undefined;
    if (before) this.#forget(before);
    const id = ++sums.last;
    this.#put.run({ id, ...(before ? together(before, past) : past) });
    sums.rows++;
    if (!isComplete) return;
    sums.learned = id;
    this.#index.add(this.#index.hash(past.address), id);
  }

  /**
   * Many at once.
   *
   * @param end the last of their rows where they come from.
   * @param insert writes them, so far behind their rows there, and answers how many.
   */
  append(end: number, insert: (offset: number) => number): void {
    const sums = this.#load();
    sums.rows += insert(sums.last);
    sums.last += end;
  }

  /** Gets to know at most so many rows that were written by others; true if there are more. */
  learn(size: number): boolean {
    const sums = this.#load();
    if (sums.learned === sums.last) return false;
    const last = scan(this.#database, 'history', sums.learned, size, (text, from, to, id) =>
      this.#index.add(this.#index.hash(text, from, to), id),
    );
    sums.learned = last ?? sums.last;
    return sums.learned < sums.last;
  }

  /** Looks at the next `size` rows and forgets those that are too old, or too many; true if there may be more to forget. */
  prune(size: number): boolean {
    const surplus = this.#load().rows - this.#options.capacity;
    if (surplus > 0) {
      for (const row of this.#behind.all(0, Math.min(size, surplus))) this.#forget(row);
      return true;
    }
    const rows = this.#behind.all(this.#at, size);
    const before = this.#options.clock() - this.#options.retention;
    for (const row of rows) if (row.last < before) this.#forget(row);
    const isMore = rows.length === size;
    this.#at = isMore ? (rows.at(-1) as Place).id : 0;
    return isMore;
  }

  #learned(address: string): readonly Row[] {
    const found = this.#index.find(this.#index.hash(address));
    if (found.length === 0) return [];
    return found.map((id) => this.#one.get(id)).filter((row): row is Row => row?.address === address);
  }

  #forget({ id, address }: Pick<Row, 'id' | 'address'>): void {
    this.#remove.run(id);
    this.#load().rows--;
    this.#index.remove(this.#index.hash(address), id);
  }

  #load(): Sums {
    this.#sums ??= this.#database
      .prepare<[], Sums>('SELECT COALESCE(MAX(id), 0) AS last, COUNT(*) AS rows, 0 AS learned FROM history')
      .get() as Sums;
    return this.#sums;
  }
}

const together = (one: Past, other: Past): Past => ({
  address: one.address,
  jail: one.jail,
  bans: one.bans + other.bans,
  first: Math.min(one.first, other.first),
  last: Math.max(one.last, other.last),
});

/** Of each jail one, by its name. */
export function byJail(all: readonly Past[]): readonly Past[] {
  const jails = new Map<string, Past>();
  for (const { address, jail, bans, first, last } of all) {
    const past = { address, jail, bans, first, last };
    const before = jails.get(jail);
    jails.set(jail, before ? together(before, past) : past);
  }
  return [...jails.values()].sort((a, b) => (a.jail < b.jail ? -1 : 1));
}
