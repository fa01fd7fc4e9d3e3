import { type Clock, systemClock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import type { Ban, Change, Verdict } from '../model/street.js';
import { byJail, type Past } from './history.js';
import { openDatabase } from './open.js';
import type { LedgerOptions } from './options.js';
import type { Progress } from './progress.js';
import { banOf, type Row, stored } from './rows.js';
import { Session, type Source } from './session.js';
import type { Share } from './share.js';
import { type OnFault, Store } from './store.js';
import { release } from './vacuum.js';

export type { LedgerOptions } from './options.js';

/** What is done in one step of tidying: rows that are moved, read or looked at, and pages of 4 KiB that are given back. */
const STEP = { moved: 5_000, learned: 20_000, looked: 1_000, pages: 100 } as const;

/** Bans that came to their end, and what that means for the kernel. */
export interface Expired {
  readonly ended: readonly Ban[];
  readonly changes: readonly Change[];
  /** Whether there may be more. */
  readonly isMore: boolean;
}

/** What the kernel has to hold of some rows. */
export interface Page {
  readonly changes: readonly Change[];
  /** The last of the rows; undefined if there are none behind them. */
  readonly last: number | undefined;
}

/**
 * The truth about what is banned, by whom, why and until when: a SQLite file. It is written before the kernel, and after a
 * restart the kernel is filled from it.
 *
 * Every call is one transaction and has happened when it returns. @throws DropsetError `ledger` from each of them.
 */
export class Ledger {
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #refusal: (prefix: Prefix) => string | undefined;

  private constructor(source: Source, options: LedgerOptions) {
    this.#session = new Session(source, options);
    this.#clock = options.clock ?? systemClock;
    this.#refusal = options.refusal ?? (() => undefined);
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
   * Writes verdicts down and answers what the kernel has to change: one change for each verdict, in order.
   *
   * A new ban of the same jail replaces the old one. Of several bans of one prefix the longest counts, and lifting one
   * keeps the others.
   *
   * @param progress that led to the verdicts, and is written down with them.
   */
  record(verdicts: readonly Verdict[], progress?: Progress): Change[] {
    return this.#session.write((parts) => {
      if (progress) parts.progress.advance(progress);
      const now = this.#clock();
      return this.#marked(verdicts.map((verdict) => this.#enter(verdict, now)));
    });
  }

  /**
   * The kernel has answered for these changes, as they were answered here: what it took away is taken away. Until then, `inDoubt` tells of
   * it, after a restart too.
   */
  arrived(changes: readonly Change[]): void {
    const id = this.#session.parts.doubtOf.get(changes);
    if (id !== undefined) this.#session.write(({ doubts }) => doubts.settle(id));
  }

  /** What the kernel may still hold although it was lifted: the changes that make it certain, for `arrived` behind them. */
  inDoubt(): readonly (readonly Change[])[] {
    return this.#session.read(({ view, doubts, doubtOf }) =>
      doubts.all().map(({ id, addresses }) => {
        const now = this.#clock();
        const changes = addresses.map((address) => view.change(stored(address), now));
        doubtOf.set(changes, id);
        return changes;
      }),
    );
  }

  /** All live bans, in the order in which their prefixes were first banned; those of one prefix follow each other, by jail. */
  *bans(size = 500): Generator<readonly Ban[]> {
    for (let last: number | undefined = 0; last !== undefined; ) {
      const behind: number = last;
      const [bans, rows] = this.#session.read(({ bans, whole }) => {
        const now = this.#clock();
        const found = bans.page(now, behind, size);
        return [found.flatMap((row) => whole.withOthers(row, now)), found];
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

  /** As `changesOf`, for a backend that holds a share of its own. */
  changesFor(prefixes: readonly Prefix[], share: Share): readonly Change[] {
    const now = this.#clock();
    return this.#session.read(({ viewOf }) => prefixes.map((prefix) => viewOf(share).change(prefix, now)));
  }

  /** As `elements`, of at most `size` rows behind a row. */
  elementsBehind(behind: number, size: number): Page {
    return this.#session.read(({ bans, view }) => {
      const now = this.#clock();
      const rows = bans.ends(now, behind, size);
      const changes = rows.flatMap(([id, address, until]) => view.elementOf(id, address, until, now));
      return { changes, last: rows.length < size ? undefined : rows.at(-1)?.[0] };
    });
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
    return this.#session.write(({ bans, view }) => {
      const now = this.#clock();
      const rows = bans.ended(now, size);
      const { behind } = bans.range;
      for (const row of rows) bans.retire(row);
      const ended = rows.filter(({ id }) => id > behind).map((row) => banOf(row));
      const changes = this.#marked(ended.map(({ prefix }) => view.change(prefix, now)));
      return { ended, changes, isMore: rows.length > 0 };
    });
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

  #enter(verdict: Verdict, now: number): Change {
    const { bans, view, share } = this.#session.parts;
    if (verdict.kind === 'unban') {
      const { jail, prefix } = verdict;
      for (const row of bans.rowsOf(prefix.text)) {
        if (jail === undefined || row.jail === jail) bans.retire(row);
      }
      return view.change(prefix, now);
    }
    const { prefix, until } = verdict.ban;
    if (this.#refusal(prefix) !== undefined) return { verb: 'remove', prefix };
    const isAlone = bans.put(verdict.ban) && share.isWhole;
    if (isAlone && (until === null || until > now)) return { verb: 'add', prefix, until };
    return view.change(prefix, now);
  }

  #marked(changes: Change[]): Change[] {
    const removed = changes.filter(({ verb }) => verb === 'remove').map(({ prefix }) => prefix.text);
    const { doubts, doubtOf } = this.#session.parts;
    if (removed.length > 0) doubtOf.set(changes, doubts.enter(removed));
    return changes;
  }
}

const asPast = ({ address, jail, times: bans, first, since: last }: Row): Past => ({
  address,
  jail,
  bans,
  first: first ?? last,
  last,
});
