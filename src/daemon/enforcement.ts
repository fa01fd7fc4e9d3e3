import type { Ledger, Page, Recorded } from '../ledger/ledger.js';
import type { Progress } from '../ledger/progress.js';
import { type Share, WHOLE } from '../ledger/share.js';
import type { Metrics } from '../metrics/metrics.js';
import { messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import { Refusal } from '../model/refusal.js';
import type { Ban, BanVerdict, Receipt, Verdict } from '../model/street.js';
import type { Writer } from '../writer/writer.js';
import { bare } from './bare.js';
import { Checkpoints } from './checkpoints.js';
import { countAdded, Delivery } from './delivery.js';
import type { Events } from './events.js';
import { type SeenActive, tellExtended } from './extender.js';
import type { Secondaries } from './secondaries.js';
import { taken } from './taken.js';

export interface EnforcementOptions {
  readonly events: Events;
  /** Counts what passes, and times the ledger. */
  readonly metrics?: Pick<Metrics, 'enforced' | 'transaction'> | undefined;
  /** The backends beside the one that the writer writes to. */
  readonly others?: Pick<Secondaries, 'take' | 'takeBare' | 'clear'>;
  /** Whose bans the writer's backend holds; everybody's where absent. */
  readonly share?: Share;
  /** Told the end of each ban that was recorded. */
  readonly until: (until: number | null) => void;
  /** Told that everything was lifted: the ledger has to tidy up. */
  readonly onLifted?: () => void;
  /** Told that the ledger cannot be written, and whether verdicts that reached the kernel were given up for want of room. */
  readonly onUnwritten?: (isLoss: boolean) => void;
}

/** Verdicts that wait for a ledger that cannot be written, some 200 bytes each. */
const MOST_UNWRITTEN = 100_000;

/** Milliseconds before it is said again that the ledger cannot be written. */
const SAID_AGAIN = 600_000;

/** Elements that are written again at a time; fewer where nobody waits for them, and others may. */
const PAGE = 5_000;
const FEW = 1_000;

export interface RestoreOptions {
  /** The row of the ledger behind which to begin. */
  readonly behind?: number;
  /** Ends it between two pages. */
  readonly signal?: AbortSignal;
  /** Few at a time, so that a ban in between hardly waits. */
  readonly isPatient?: boolean;
}

/**
 * From a verdict to the kernel, the only way there is: into the ledger first, then to the writer in the same turn of the
 * event loop, so that the kernel sees changes in the ledger's order.
 */
export class Enforcement {
  readonly #ledger: Ledger;
  readonly #writer: Writer;
  readonly #events: Events;
  readonly #options: EnforcementOptions;
  readonly #checkpoints: Checkpoints;
  readonly #delivery: Delivery;
  /** What the ledger could not be told, in order. */
  #unwritten: Verdict[] = [];
  #isFailing = false;
  #said = Number.NEGATIVE_INFINITY;
  #lifts = 0;

  constructor(ledger: Ledger, writer: Writer, options: EnforcementOptions) {
    this.#ledger = ledger;
    this.#writer = writer;
    this.#events = options.events;
    this.#checkpoints = new Checkpoints(ledger, (sentence) => options.events.problem(sentence));
    this.#delivery = new Delivery({
      ledger,
      writer,
      others: options.others,
      problem: (sentence) => options.events.problem(sentence),
    });
    this.#options = options;
  }

  /**
   * Resolves when the kernel has answered: one receipt for each verdict. Never rejects.
   *
   * @param progress that led to the verdicts, written down together with them.
   * @param onLost is told, before this returns, if it could not be.
   */
  async enforce(
    verdicts: readonly Verdict[],
    progress?: Progress,
    onLost: () => void = () => undefined,
  ): Promise<readonly Receipt[]> {
    if (verdicts.length === 0 && !progress) return [];
    const recorded = this.#record(verdicts, progress, onLost);
    if (verdicts.length === 0) return [];
    const receipts = await this.#delivery.write(recorded);
    this.#options.metrics?.enforced(verdicts, receipts);
    await this.#takeBack(verdicts, receipts);
    this.#events.tellAll(taken(verdicts, receipts, this.#events));
    this.#checkpoints.soon(verdicts.length);
    return receipts;
  }

  /** How often something was lifted: who looked at the kernel before may be wrong. */
  get lifts(): number {
    return this.#lifts;
  }

  /** Tries to tell the ledger what it could not be told, and the kernel what follows; true if nothing is left. */
  catchUp(): boolean {
    this.#isFailing = false;
    if (this.#unwritten.length === 0) return true;
    try {
      const recorded = this.#ledger.record(this.#unwritten);
      const count = this.#unwritten.length;
      const message = `the ledger is written again: ${count} changes that had to wait`;
      this.#events.tell({ kind: 'repair', of: 'ledger', count, message, level: 'info', kept: false });
      this.#unwritten = [];
      void this.#delivery.write(recorded);
      return true;
    } catch {
      this.#isFailing = true;
      return false;
    }
  }

  /** Fills the kernel from the ledger; in spite of a fault, with what it says the second time. Answers how many elements it holds then. */
  async restore(options: RestoreOptions = {}): Promise<number> {
    try {
      return await this.#fill(options);
    } catch (thrown) {
      this.#events.problem(messageOf(thrown));
      return this.#fill(options);
    }
  }

  /** A page is read and handed over in one turn: what is lifted meanwhile comes behind it. */
  async #fill({ behind = 0, signal, isPatient = false }: RestoreOptions): Promise<number> {
    if (this.#ledger.isClearing) await this.#clear();
    let held = 0;
    let inFlight: Promise<readonly Receipt[]> = Promise.resolve([]);
    for (let last: number | undefined = Math.max(0, behind); last !== undefined && !signal?.aborted; ) {
      const page: Page & Recorded = this.#ledger.pageBehind(last, isPatient ? FEW : PAGE);
      const written = this.#delivery.send(page);
      // The next page is read while this one is written.
      held += countAdded(this.#done(await (isPatient ? written : inFlight)));
      inFlight = isPatient ? inFlight : written;
      last = page.last;
    }
    held += countAdded(this.#done(await inFlight));
    for (const recorded of this.#ledger.inDoubt()) await this.#delivery.write(recorded);
    return held;
  }

  /** Takes everything out of the kernel; until it is, a start does it once more. @throws DropsetError */
  async #clear(): Promise<void> {
    void this.#options.others?.clear();
    const error = await this.#writer.clear();
    if (error) throw error;
    this.#ledger.cleared();
  }

  /** Tells the kernel once more what the ledger says of these elements. Answers how many it took. */
  async rewrite(prefixes: readonly Prefix[]): Promise<number> {
    // Addresses first: what one was folded into is taken away behind it.
    const sorted = [...prefixes].sort((a, b) => b.length - a.length);
    let written = 0;
    for (let from = 0; from < sorted.length; from += PAGE) {
      const page = this.#ledger.whole(sorted.slice(from, from + PAGE));
      written += this.#done(await this.#delivery.send(page)).length;
    }
    return written;
  }

  /** Hands over what the ledger was changed by otherwise than by verdicts; answers how many changes the kernel took. */
  async carryOut(recorded: Recorded): Promise<number> {
    return this.#done(await this.#delivery.write(recorded)).length;
  }

  /** Forgets bans that have ended; true if there may be more. */
  async expire(): Promise<boolean> {
    const { ended, recorded, isMore } = this.#ledger.expire();
    const written = this.#delivery.write(recorded);
    this.#events.tellAll(ended.map((ban) => ({ kind: 'end', ban })));
    await written;
    this.#checkpoints.soon(ended.length);
    return isMore;
  }

  /** Has bans end later that are what they were; resolves when the kernel has answered. @throws DropsetError `ledger` */
  async extend(extensions: readonly SeenActive[]): Promise<void> {
    const { recorded, extended } = this.#ledger.extensions.extend(extensions);
    for (const { until } of extended) this.#options.until(until);
    this.#done(await this.#delivery.write(recorded));
    tellExtended(extended, extensions, this.#events);
  }

  /** Lifts everything; answers how many elements. @throws DropsetError that of the ledger, or why the kernel still drops. */
  async liftAll(): Promise<number> {
    this.#lifts++;
    const lifted = this.#ledger.liftAll();
    this.#unwritten = [];
    await this.#clear();
    this.#options.onLifted?.();
    this.#events.tell({ kind: 'lifted', elements: lifted });
    return lifted;
  }

  /**
   * A ledger that cannot be written must not stop the dropping: then verdicts go down as they are, and we say so. They are kept until
   * it can; to try at each of them could take two seconds each, if somebody else holds the file.
   */
  #record(verdicts: readonly Verdict[], progress?: Progress, onLost?: () => void): Recorded {
    for (const verdict of verdicts) {
      if (verdict.kind === 'ban') this.#options.until(verdict.ban.until);
      else this.#lifts++;
    }
    try {
      if (!this.#isFailing) return this.#written(verdicts, progress);
    } catch (thrown) {
      const lost =
        verdicts.length > 0 ? `${verdicts.length} changes reach the kernel, but not` : 'what logs say reaches not';
      this.#complain(`${messageOf(thrown)}: ${lost} the ledger; it is tried again every few seconds`);
    }
    this.#isFailing = true;
    onLost?.();
    const recorded = bare(verdicts, this.#options.share ?? WHOLE, (change) => this.#ledger.outlasting(change));
    this.#keep(verdicts);
    return recorded;
  }

  #written(verdicts: readonly Verdict[], progress?: Progress): Recorded {
    const record = (): Recorded => this.#ledger.record(verdicts, progress);
    const recorded = this.#options.metrics?.transaction(record) ?? record();
    this.#said = Number.NEGATIVE_INFINITY;
    return recorded;
  }

  #complain(sentence: string): void {
    const now = performance.now();
    if (now < this.#said + SAID_AGAIN) return;
    this.#said = now;
    this.#events.problem(sentence);
  }

  #keep(verdicts: readonly Verdict[]): void {
    const room = MOST_UNWRITTEN - this.#unwritten.length;
    this.#unwritten.push(...verdicts.slice(0, room));
    this.#options.onUnwritten?.(verdicts.length > room);
  }

  /** Those that the kernel took; of the others it is told. */
  #done(receipts: readonly Receipt[]): readonly Receipt[] {
    const refused = receipts.filter(({ error }) => error);
    const first = refused[0];
    if (first) {
      this.#events.problem(
        `${refused.length} bans were not restored; the first, ${first.change.prefix}: ${messageOf(first.error)}`,
      );
    }
    return first ? receipts.filter(({ error }) => !error) : receipts;
  }

  /**
   * A ban that the kernel refuses for its own sake cannot stand, and would be refused again at every start: it leaves the
   * ledger. If the backend as a whole failed, it stays and is written at the next start.
   *
   * The kernel may hold an earlier ban of that prefix, which the refused one has replaced in the ledger: it hears of it too.
   */
  async #takeBack(verdicts: readonly Verdict[], receipts: readonly Receipt[]): Promise<void> {
    const guilty = verdicts.filter((verdict, index): verdict is BanVerdict => {
      const error = receipts[index]?.error;
      if (verdict.kind !== 'ban' || !(error instanceof Refusal) || error.fault !== 'element') return false;
      return this.#stands(verdict.ban);
    });
    if (guilty.length === 0) return;
    await this.#delivery.write(
      this.#record(guilty.map(({ ban }) => ({ kind: 'unban', prefix: ban.prefix, jail: ban.jail }))),
    );
  }

  /** Whether the ledger still has this very ban: a newer one of the same jail may have come while the kernel answered. */
  #stands({ prefix, jail, since, until }: Ban): boolean {
    try {
      const bans = this.#ledger.bansOf(prefix);
      return bans.some((ban) => ban.jail === jail && ban.since === since && ban.until === until);
    } catch {
      // A ledger that cannot be read cannot be written either.
      return false;
    }
  }

  /** Puts the ledger's log away. */
  checkpoint(): void {
    this.#checkpoints.now();
  }
}
