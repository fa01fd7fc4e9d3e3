import { type Clock, systemClock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import type { Scope } from '../model/scope.js';
import type { Ban, Change, Verdict } from '../model/street.js';
import { doubtful, marked } from './doubtful.js';
import { Entry } from './entry.js';
import { Extensions } from './extensions.js';
import { outlasting, type Recorded, wholeOf } from './folding.js';
import { byJail, type Past } from './history.js';
import { type OffenderPage, offendersBehind, type Place, START } from './offenders.js';
import { openDatabase } from './open.js';
import type { LedgerOptions } from './options.js';
import { type Expired, expired, type Page, pageOf, rescoped, writtenPageOf } from './pages.js';
import type { Progress } from './progress.js';
import { asPast, banOf, type Row } from './rows.js';
import { Session, type Source } from './session.js';
import type { Share } from './share.js';
import { type OnFault, Store } from './store.js';
import { release } from './vacuum.js';

export type { Ending, Extended, Extension, Extensions } from './extensions.js';
export type { Recorded } from './folding.js';
export type { LedgerOptions } from './options.js';
export type { Expired, Page } from './pages.js';

/** What is done in one step of tidying: rows that are moved, read or looked at, and pages of 4 KiB that are given back. */
const STEP = { moved: 5_000, learned: 20_000, looked: 1_000, pages: 100 } as const;

/**
 * The truth about what is banned, by whom, why and until when: a SQLite file. It is written before the kernel, and after a
 * restart the kernel is filled from it.
 *
 * Every call is one transaction and has happened when it returns. @throws DropsetError `ledger` from each of them.
 */
export class Ledger {
  readonly extensions: Extensions;
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #refusal: (prefix: Prefix) => string | undefined;

  private constructor(source: Source, options: LedgerOptions) {
    this.#session = new Session(source, options);
    this.#clock = options.clock ?? systemClock;
    this.#refusal = options.refusal ?? (() => undefined);
    this.extensions = new Extensions(this.#session, this.#clock, this.#refusal);
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
    return this.#session.mend();
  }

  /**
   * Writes verdicts down and answers what the kernel has to hold of their prefixes: one change for each verdict, in order.
   *
   * A new ban of the same jail replaces the old one. Of several bans of one prefix the longest counts, their scopes are
   * joined, and lifting one keeps the others.
   *
   * @param progress that led to the verdicts, and is written down with them.
   */
  record(verdicts: readonly Verdict[], progress?: Progress): Recorded {
    return this.#session.write((parts) => {
      if (progress) parts.progress.advance(progress);
      const entry = new Entry(parts, this.#clock(), this.#refusal);
      const changes = verdicts.map((verdict) => entry.enter(verdict));
      return marked(parts, entry.recorded(changes), entry.shrunk);
    });
  }

  /**
   * The kernel has answered for this, as it was answered here: what it took away is taken away. Until then, `inDoubt` tells of it, after a
   * restart too.
   */
  arrived(recorded: Recorded): void {
    const id = this.#session.parts.doubtOf.get(recorded);
    if (id !== undefined) this.#session.write(({ doubts }) => doubts.settle(id));
  }

  /** What the kernel may still hold although it was lifted: the changes that make it certain, for `arrived` behind them. */
  inDoubt(): readonly Recorded[] {
    return this.#session.read((parts) => doubtful(parts, this.#clock()));
  }

  /** All live bans, in the order in which their prefixes were first banned; those of one prefix follow each other, by jail. */
  *bans(size = 500): Generator<readonly Ban[]> {
    yield* this.#pages(0, size, (row, now) => this.#session.parts.whole.withOthers(row, now));
  }

  /** Live bans of rows behind one, as `range` tells it, in their order. */
  *bansBehind(row: number, size = 500): Generator<readonly Ban[]> {
    yield* this.#pages(row, size, (found) => [banOf(found)]);
  }

  *#pages(first: number, size: number, of: (row: Row, now: number) => readonly Ban[]): Generator<readonly Ban[]> {
    for (let last: number | undefined = first; last !== undefined; ) {
      const behind: number = last;
      const [bans, rows] = this.#session.read(({ bans }) => {
        const now = this.#clock();
        const found = bans.page(now, behind, size);
        return [found.flatMap((row) => of(row, now)), found];
      });
      if (bans.length > 0) yield bans;
      last = rows.length < size ? undefined : rows.at(-1)?.id;
    }
  }

  /** The live bans of one prefix, with their lines. */
  bansOf(prefix: Prefix): readonly Ban[] {
    return this.#session.read(({ bans, whole }) =>
      whole.live(prefix.text, this.#clock()).map((row) => banOf(row, bans.linesOf(row))),
    );
  }

  /** How often each jail has banned one prefix, and when, as far as it is remembered; the live bans included. */
  pastOf({ text }: Prefix): readonly Past[] {
    return this.#session.read(({ bans, history }) =>
      byJail([...history.of(text), ...[...bans.pastOf(text), ...bans.rowsOf(text)].map(asPast)]),
    );
  }

  /**
   * Who was banned since a time, by what began then or later: those of at most `size` rows behind a place, each once. Begins without a
   * place, and ends where there is no next one. Who moves into the history meanwhile may come twice.
   */
  offenders(since: number, place?: Place, size = 500): OffenderPage {
    const wanted = { since, now: this.#clock(), size };
    return this.#session.read(({ bans, history }) =>
      offendersBehind({ database: this.#session.database, bans, history }, place ?? START, wanted),
    );
  }

  /** What the kernel has to hold, each prefix once. */
  *elements(size = 10_000): Generator<readonly Change[]> {
    for (let last: number | undefined = 0; last !== undefined; ) {
      const page: Page = this.elementsBehind(last, size);
      if (page.changes.length > 0) yield page.changes;
      last = page.last;
    }
  }

  /** What the kernel has to hold of these prefixes, in order: nothing is written. */
  changesOf(prefixes: readonly Prefix[]): readonly Change[] {
    const now = this.#clock();
    return this.#session.read(({ view }) => prefixes.map((prefix) => view.change(prefix, now)));
  }

  /** As `changesOf`, for a backend that holds a share of its own, and folds nothing. */
  changesFor(prefixes: readonly Prefix[], share: Share): readonly Change[] {
    return this.#session.read(({ viewOf }) => {
      const [view, now] = [viewOf(share, false), this.#clock()];
      return prefixes.map((prefix) => view.change(prefix, now));
    });
  }

  /** As `changesOf`, and what has to be written so that the kernel holds it whatever it held before: with single elements below wide ones. */
  whole(prefixes: readonly Prefix[]): Recorded {
    return this.#session.read(({ view }) => wholeOf(prefixes, view, this.#clock()));
  }

  /** What was folded into a wide prefix and outlasts what the kernel is to hold of that from now on: to be written before it. */
  outlasting(change: Change): readonly Change[] {
    return this.#session.read(({ view }) => outlasting(change, view, this.#clock()));
  }

  /** As `elements`, of at most `size` rows behind a row. */
  elementsBehind(behind: number, size: number): Page {
    return this.#session.read((parts) => pageOf(parts, this.#clock(), behind, size));
  }

  /** As `elementsBehind`, with what has to be written so that the kernel holds it. */
  pageBehind(behind: number, size: number): Page & Recorded {
    return this.#session.read((parts) => writtenPageOf(parts, this.#clock(), behind, size));
  }

  /** The scope that all bans of a jail have, by jail; one that is not in it never had any but the usual one. */
  scopes(): ReadonlyMap<string, Scope | undefined> {
    return this.#session.read(({ jailScopes }) => jailScopes.all());
  }

  /**
   * Gives another scope to a jail's bans in at most `size` rows behind a row, and answers what the kernel has to change. With the last
   * page the jail is known to have it; new bans have to come with it from the first page on.
   */
  rescope(jail: string, scope: Scope | undefined, behind: number, size: number): Page & Recorded {
    return this.#session.write((parts) => rescoped(parts, this.#clock(), { jail, scope }, { behind, size }));
  }

  /** All rows are behind the first number, and none is behind the second. */
  get range(): { readonly behind: number; readonly last: number } {
    return this.#session.read(({ bans }) => bans.range);
  }

  /** How far each source has been read, as it was told last: JSON by the source's name. */
  positions(): ReadonlyMap<string, string> {
    return this.#session.read(({ progress }) => progress.positions());
  }

  /** What had counted by then, as it was told, the oldest first. */
  counts(): readonly string[] {
    return this.#session.read(({ progress }) => progress.counts());
  }

  /** How many prefixes have bans, those included that have ended and are still to be forgotten. */
  get prefixes(): number {
    return this.#session.read(({ bans }) => bans.elements);
  }

  /** How many bans are live. */
  count(): number {
    return this.#session.read(({ bans }) => bans.count(this.#clock()));
  }

  /** When the next ban ends; undefined if none has an end. */
  nextEnd(): number | undefined {
    return this.#session.read(({ bans }) => bans.nextEnd());
  }

  /**
   * Forgets bans that have ended, at most `size` of them. The kernel has let them go by itself; the changes only free its
   * memory at once.
   */
  expire(size = 2_000): Expired {
    return this.#session.write((parts) => expired(parts, this.#clock(), size));
  }

  /**
   * Lifts all bans, in no time: they are moved into the history by `tidy`. Until `cleared`, `isClearing` tells of it, after a restart too.
   *
   * @returns how many prefixes had any.
   */
  liftAll(): number {
    return this.#session.write(({ bans }) => {
      const { elements } = bans;
      bans.liftAll();
      return elements;
    });
  }

  /** The kernel may still hold what was lifted all at once: it is to be emptied before it is filled. */
  get isClearing(): boolean {
    return this.#session.read(({ bans }) => bans.isClearing);
  }

  /** The kernel holds nothing of what was lifted all at once. */
  cleared(): void {
    this.#session.write(({ bans }) => bans.cleared());
  }

  /**
   * Does some of what can wait: moves what was lifted at once into the history, forgets some history that is too old, and gives some
   * room back to the disk; true if there is more of it. Some milliseconds.
   */
  tidy(): boolean {
    const isMore = this.#session.write(
      ({ bans, history }) => bans.moveLifted(STEP.moved) || history.learn(STEP.learned) || history.prune(STEP.looked),
    );
    return isMore || this.#session.keep((database) => release(database, STEP.pages));
  }

  /**
   * Moves what was written from the log to the database file and waits for the disk, which takes milliseconds: to be called
   * now and then, and when nobody waits.
   */
  checkpoint(): void {
    this.#session.keep((database) => database.pragma('wal_checkpoint(PASSIVE)'));
  }

  /** Remembers bans that are over for so many milliseconds from here on. */
  remember(history: number): void {
    this.#session.remember(history);
  }

  close(): void {
    this.#session.database.close();
  }
}
