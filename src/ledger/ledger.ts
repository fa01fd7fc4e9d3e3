import type { Database } from 'better-sqlite3';
import { type Clock, systemClock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import type { Ban, Change, Verdict } from '../model/street.js';
import { Doubts } from './doubts.js';
import { History, type Past } from './history.js';
import { isDamage, openDatabase } from './open.js';
import { pages } from './pages.js';
import { banOf, stored } from './rows.js';
import { type Departure, prepare, type Statements, type Union } from './statements.js';
import { type OnFault, Store } from './store.js';
import { release } from './vacuum.js';

export interface LedgerOptions {
  readonly clock?: Clock;
  /** Why a prefix must never be banned, or undefined: the second check, behind that at the verdict. */
  readonly refusal?: (prefix: Prefix) => string | undefined;
  /** Milliseconds that bans which are over are remembered for; 180 days where absent. */
  readonly history?: number;
  /** Prefixes and jails that are remembered, the newest; 1,000,000 where absent. */
  readonly mostHistory?: number;
}

/** Rows of history that are looked at in one step, and pages of 4 KiB that are given back. */
const ROWS = 1_000;
const PAGES = 100;

/** How far detection has come. */
export interface Progress {
  /** JSON by the source's name. */
  readonly positions: Iterable<readonly [source: string, position: string]>;
  /** Failures that have counted since, as JSON; or all that are open, in place of those told before. */
  readonly counts?: { readonly text: string; readonly isWhole: boolean };
}

/** Where the database comes from. */
interface Source {
  readonly database: Database;
  /** Puts another one in the place of a damaged one. */
  replace?(): void;
  mend?(): boolean;
}

/** What orders bans. */
type Key = readonly [address: string, jail: string];

/** Bans that came to their end, and what that means for the kernel. */
export interface Expired {
  readonly ended: readonly Ban[];
  readonly changes: readonly Change[];
}

/**
 * The truth about what is banned, by whom, why and until when: a SQLite file. It is written before the kernel, and after a
 * restart the kernel is filled from it.
 *
 * Every call is one transaction and has happened when it returns. @throws DropsetError `ledger` from each of them.
 */
export class Ledger {
  readonly #source: Source;
  #options: LedgerOptions;
  readonly #clock: Clock;
  readonly #refusal: (prefix: Prefix) => string | undefined;
  #sql: Statements;
  #history: History;
  #doubts: Doubts;
  /** Which doubt is over when these have arrived. */
  #doubtOf = new WeakMap<readonly Change[], number>();

  private constructor(source: Source, options: LedgerOptions) {
    this.#source = source;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#refusal = options.refusal ?? (() => undefined);
    this.#sql = prepare(source.database);
    this.#history = this.#newHistory();
    this.#doubts = new Doubts(source.database);
  }

  /** Opens or makes the file, readable by its owner alone. `:memory:` keeps nothing. */
  static open(path: string, options: LedgerOptions = {}): Ledger {
    try {
      return new Ledger({ database: openDatabase(path) }, options);
    } catch (thrown) {
      if (thrown instanceof DropsetError) throw thrown;
      throw new DropsetError('ledger', `opening the ledger ${path}: ${messageOf(thrown)}`, { cause: thrown });
    }
  }

  /**
   * As `open`, for a file of which anything may be wrong: a damaged one is set aside, now or when it is found out, and memory stands in
   * for one that cannot be used. `onFault` is told. Calls still throw where a fault meets them; the next one finds things in order.
   *
   * @throws DropsetError `ledger` only if a newer dropset wrote the file.
   */
  static lenient(path: string, onFault: OnFault, options: LedgerOptions = {}): Ledger {
    return new Ledger(new Store(path, options.clock ?? systemClock, onFault), options);
  }

  /** Tries to take the file again that memory stands in for; true if all is in order. */
  mend(): boolean {
    const before = this.#database;
    const isMended = this.#source.mend?.() ?? true;
    if (this.#database !== before) this.#useAnother();
    return isMended;
  }

  /**
   * Writes verdicts down and answers what the kernel has to change: one change for each verdict, in order.
   *
   * A new ban of the same jail replaces the old one. Of several bans of one prefix the longest counts, and lifting one
   * keeps the others.
   *
   * @param progress that led to the verdicts, and is written down with them.
   */
  record(verdicts: readonly Verdict[], progress?: Progress): Change[] {
    return this.#transaction('writing', () => {
      if (progress) this.#advance(progress);
      return this.#marked(verdicts.map((verdict) => this.#enter(verdict)));
    });
  }

  /**
   * The kernel has answered for these changes, as they were answered here: what it took away is taken away. Until then, `inDoubt` tells of
   * it, after a restart too.
   */
  arrived(changes: readonly Change[]): void {
    const id = this.#doubtOf.get(changes);
    if (id !== undefined) this.#transaction('writing', () => this.#doubts.settle(id));
  }

  /** What the kernel may still hold although it was lifted: the changes that make it certain, for `arrived` behind them. */
  inDoubt(): readonly (readonly Change[])[] {
    return this.#transaction('reading', () =>
      this.#doubts.all().map(({ id, addresses }) => {
        const changes = addresses.map((address) => this.#change(stored(address)));
        this.#doubtOf.set(changes, id);
        return changes;
      }),
    );
  }

  /** All live bans, in order of address and jail. */
  *bans(size = 500): Generator<readonly Ban[]> {
    const select = ([address, jail]: Key): readonly Ban[] =>
      this.#transaction('reading', () => this.#sql.bans.all({ now: this.#clock(), address, jail, size }).map(banOf));
    for (const bans of pages<Ban, Key>(['', ''], size, select, (ban) => [ban.prefix.text, ban.jail])) yield bans;
  }

  /** The live bans of one prefix, with their lines. */
  bansOf(prefix: Prefix): readonly Ban[] {
    return this.#transaction('reading', () =>
      this.#sql.bansOf.all({ now: this.#clock(), address: prefix.text }).map(banOf),
    );
  }

  /** How often each jail has banned one prefix, and when, as far as it is remembered; the live bans included. */
  pastOf(prefix: Prefix): readonly Past[] {
    return this.#transaction('reading', () => this.#history.of(prefix.text));
  }

  /** What the kernel has to hold. */
  *elements(size = 10_000): Generator<readonly Change[]> {
    const select = (last: string): readonly Change[] =>
      this.#transaction('reading', () =>
        this.#sql.unions
          .all({ now: this.#clock(), last, size })
          .map((union) => this.#changeOf(stored(union.address), union)),
      );
    yield* pages('', size, select, ({ prefix }) => prefix.text);
  }

  /** What the kernel has to hold of these prefixes, in order: nothing is written. */
  changesOf(prefixes: readonly Prefix[]): readonly Change[] {
    return this.#transaction('reading', () => prefixes.map((prefix) => this.#change(prefix)));
  }

  /** As `elements`, one page of at most `size` behind an address, in the order of their texts. */
  elementsBehind(address: string, size: number): readonly Change[] {
    return this.#transaction('reading', () => this.#sql.unions.all({ now: this.#clock(), last: address, size })).map(
      (union) => this.#changeOf(Prefix.parse(union.address), union),
    );
  }

  /** How far each source has been read, as it was told last: JSON by the source's name. */
  positions(): ReadonlyMap<string, string> {
    return new Map(
      this.#transaction('reading', () => this.#sql.positions.all()).map(({ source, position }) => [source, position]),
    );
  }

  /** What had counted by then, as it was told, the oldest first. */
  counts(): readonly string[] {
    return this.#transaction('reading', () => this.#sql.counts.all()).map(({ counts }) => counts);
  }

  /** How many bans are live. */
  count(): number {
    return this.#transaction('reading', () => this.#sql.count.get({ now: this.#clock() })?.n ?? 0);
  }

  /** When the next ban ends; undefined if none has an end. */
  nextEnd(): number | undefined {
    return this.#transaction('reading', () => this.#sql.nextEnd.get()?.until ?? undefined);
  }

  /**
   * Forgets bans that have ended, at most `size` of them. The kernel has let them go by itself; the changes only free its
   * memory at once.
   */
  expire(size = 2_000): Expired {
    return this.#transaction('writing', () => {
      const ended = this.#sql.ended.all({ now: this.#clock(), size }).map(banOf);
      for (const { prefix, jail } of ended) this.#depart(this.#sql.lift, { address: prefix.text, jail });
      return { ended, changes: this.#marked(ended.map(({ prefix }) => this.#change(prefix))) };
    });
  }

  /** Lifts all bans; answers what the kernel has to change, a page at a time, each written down before it is answered. */
  *liftAll(size = 10_000): Generator<readonly Change[]> {
    const select = (last: string): readonly Change[] =>
      this.#transaction('writing', () => {
        const prefixes = this.#sql.addresses.all({ last, size }).map(({ address }) => stored(address));
        const end = prefixes.at(-1)?.text;
        if (end !== undefined) this.#depart(this.#sql.liftRange, { last, end });
        return this.#marked(prefixes.map((prefix) => ({ verb: 'remove', prefix })));
      });
    yield* pages('', size, select, ({ prefix }) => prefix.text);
  }

  /** Forgets some history that is too old, and gives some room back to the disk; true if there is more of either. Some milliseconds. */
  tidy(): boolean {
    const isMore = this.#transaction('writing', () => this.#history.prune(ROWS));
    try {
      return release(this.#database, PAGES) || isMore;
    } catch (thrown) {
      throw this.#failure('writing', thrown);
    }
  }

  /**
   * Moves what was written from the log to the database file and waits for the disk, which takes milliseconds: to be called
   * now and then, and when nobody waits.
   */
  checkpoint(): void {
    try {
      this.#database.pragma('wal_checkpoint(PASSIVE)');
    } catch (thrown) {
      throw this.#failure('writing', thrown);
    }
  }

  /** Remembers bans that are over for so many milliseconds from here on. */
  remember(history: number): void {
    this.#options = { ...this.#options, history };
    this.#history = this.#newHistory();
  }

  close(): void {
    this.#database.close();
  }

  #enter(verdict: Verdict): Change {
    if (verdict.kind === 'unban') {
      const { jail, prefix } = verdict;
      if (jail === undefined) this.#depart(this.#sql.liftAll, { address: prefix.text });
      else this.#depart(this.#sql.lift, { address: prefix.text, jail });
      return this.#change(prefix);
    }
    if (this.#refusal(verdict.ban.prefix) === undefined) this.#put(verdict.ban);
    return this.#change(verdict.ban.prefix);
  }

  #marked(changes: Change[]): Change[] {
    const removed = changes.filter(({ verb }) => verb === 'remove').map(({ prefix }) => prefix.text);
    if (removed.length > 0) this.#doubtOf.set(changes, this.#doubts.enter(removed));
    return changes;
  }

  #advance({ positions, counts }: Progress): void {
    for (const [source, position] of positions) this.#sql.putPosition.run(source, position);
    if (counts?.isWhole) this.#sql.forgetCounts.run();
    if (counts) this.#sql.putCounts.run(counts.text);
  }

  #put({ prefix, jail, reason, since, until, lines }: Ban): void {
    this.#sql.put.run(prefix.text, jail, reason, since, until);
    if (lines && lines.length > 0) this.#sql.putLines.run(prefix.text, jail, JSON.stringify(lines));
  }

  #depart<Which>([retire, dropLines, drop]: Departure<Which>, which: Which): void {
    retire.run(which);
    dropLines.run(which);
    drop.run(which);
  }

  #change(prefix: Prefix): Change {
    return this.#changeOf(prefix, this.#sql.union.get({ now: this.#clock(), address: prefix.text }) as Union);
  }

  /** A prefix that must never be banned is taken away, whatever stands in the file: the never-list may be newer. */
  #changeOf(prefix: Prefix, { bans, ending, until }: Union): Change {
    if (bans === 0 || this.#refusal(prefix) !== undefined) return { verb: 'remove', prefix };
    return { verb: 'add', prefix, until: ending < bans ? null : until };
  }

  #transaction<T>(what: string, work: () => T): T {
    try {
      return this.#database.transaction(work)();
    } catch (thrown) {
      const failure = this.#failure(what, thrown);
      if (isDamage(thrown) && this.#source.replace) {
        this.#source.replace();
        this.#useAnother();
      }
      throw failure;
    }
  }

  get #database(): Database {
    return this.#source.database;
  }

  #useAnother(): void {
    this.#sql = prepare(this.#database);
    this.#history = this.#newHistory();
    this.#doubts = new Doubts(this.#database);
    this.#doubtOf = new WeakMap();
  }

  #newHistory(): History {
    const { history: retention = 180 * 86_400_000, mostHistory: capacity = 1_000_000 } = this.#options;
    return new History(this.#database, { clock: this.#clock, retention, capacity });
  }

  #failure(what: string, thrown: unknown): DropsetError {
    return new DropsetError('ledger', `${what} the ledger ${this.#database.name}: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}
