import type { Backend } from '../backends/backend.js';
import type { BackendReport } from '../control/status.js';
import type { Share } from '../ledger/share.js';
import type { BackendStanding } from '../metrics/metrics.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { Event } from '../model/events.js';
import type { Prefix } from '../model/prefix.js';
import type { Change, Receipt, Verdict } from '../model/street.js';
import { Writer } from '../writer/writer.js';
import { Audit } from './audit.js';
import { backendReportOf } from './backend-report.js';
import { bareChanges } from './bare.js';
import { Comparison } from './comparison.js';
import { Healing } from './healing.js';
import { packetsPassed } from './passed.js';
import { SharedLedger, type SharedLedgerOptions } from './shares.js';

export interface SecondaryOptions {
  /** As the configuration calls it. */
  readonly name: string;
  /** Not open yet. */
  readonly backend: Backend;
  readonly ledger: SharedLedgerOptions['ledger'];
  /** Whose bans it holds, and whose the first backend does. */
  readonly share: Share;
  readonly first: Share;
  /** Whether the ledger knows all bans. */
  readonly isWhole: () => boolean;
  readonly clock: Clock;
  readonly tell: (event: Event) => void;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  /** Told that it is open. */
  readonly opened?: () => void;
}

/** Milliseconds before opening is tried again, and before it is said again that bans are not in it. */
const AGAIN = 30_000;
const SAID_AGAIN = 600_000;

/**
 * A backend beside the first one, with a writer, a queue and an audit of its own: nothing that happens to it, however slow, is waited for by
 * anybody. What it lacks comes from the ledger, when it can be had again.
 */
export class Secondary {
  readonly name: string;
  readonly #options: SecondaryOptions;
  readonly #backend: Backend;
  readonly #ledger: SharedLedger;
  readonly #healing: Healing;
  readonly #writer: Writer;
  readonly #audit: Audit;
  #allowed: readonly Prefix[] | undefined;
  #interval: number | null = null;
  #failure: string | null = 'it is not open yet';
  #isOpen = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #beginning: Promise<void> = Promise.resolve();
  #said = Number.NEGATIVE_INFINITY;

  constructor(options: SecondaryOptions) {
    const { name, backend, ledger, share, first, isWhole, clock } = options;
    this.name = name;
    this.#options = options;
    this.#backend = backend;
    this.#ledger = new SharedLedger({ ledger, share, first, unfit: (change) => backend.unfit?.(change) });
    this.#healing = new Healing(backend, {
      tell: (event) => options.tell('message' in event ? { ...event, message: this.#named(event.message) } : event),
      problem: (sentence) => this.#problem(sentence),
      refill: () => this.refill(),
      rewrite: async (prefixes) => counted(await this.#write(this.#ledger.changesOf(prefixes))),
      now: () => performance.now(),
    });
    this.#writer = new Writer(this.#healing, clock, packetsPassed);
    this.#audit = new Audit({
      ...{ ledger: this.#ledger, healing: this.#healing, isWhole, clock },
      comparison: new Comparison({ ledger: this.#ledger, backend, clock }),
      problem: (sentence) => this.#problem(sentence),
    });
  }

  /** Opens it and fills it, and tries again by itself where that fails. Returns at once. @param audit milliseconds; null for never. */
  begin(audit: number | null): void {
    this.#interval = audit;
    this.#beginning = this.#begin();
  }

  /** Takes over what the ledger says of these, in its order. Resolves when all was answered. Never rejects. */
  take(changes: readonly Change[]): Promise<unknown> {
    if (!this.#isOpen) return Promise.resolve();
    try {
      const own = this.#ledger.translated(changes);
      this.#complainOfUnfit(changes);
      return this.#write(own);
    } catch (thrown) {
      // The ledger cannot be read: the next audit that can compares.
      this.#complain(messageOf(thrown));
      return Promise.resolve();
    }
  }

  /** As `take`, for verdicts that the ledger could not be told. */
  takeBare(verdicts: readonly Verdict[]): void {
    if (!this.#isOpen) return;
    const { share } = this.#options;
    const own = verdicts.filter((verdict) => verdict.kind === 'unban' || share.includes(verdict.ban.jail));
    void this.#write(bareChanges(own, share).map((change) => this.#ledger.fitting(change)));
  }

  /** Takes everything out of it. Never rejects. */
  async clear(): Promise<void> {
    if (!this.#isOpen) return;
    const error = await this.#writer.clear();
    if (error) this.#problem(error.message);
  }

  /** As the backend's. A failure is told, and what differs is written by the next audit. Never rejects. */
  async allow(prefixes: readonly Prefix[]): Promise<void> {
    this.#allowed = prefixes;
    if (!this.#isOpen) return;
    await this.#healing.allow(prefixes).catch((thrown) => this.#problem(messageOf(thrown)));
  }

  /** Writes all that it has to hold; answers how many elements it took. @throws DropsetError `ledger` */
  async refill(): Promise<number> {
    let written = 0;
    for (const changes of this.#ledger.elements()) {
      if (this.#isStopped) break;
      written += counted(await this.#write(changes));
    }
    return written;
  }

  /** From here on with another pause. */
  pace(audit: number | null): void {
    this.#interval = audit;
    this.#audit.stop();
    if (this.#isOpen) this.#audit.start(audit);
  }

  /** Without asking anybody. */
  get standing(): BackendStanding {
    const { pending, refused } = this.#writer.counters;
    const failure = this.#isOpen ? (this.#backend.state().file?.failure ?? null) : this.#failure;
    return { name: this.name, isUp: this.#isOpen && failure === null, pending, refused };
  }

  /** What `status` says of it. */
  report(): Promise<BackendReport> {
    return backendReportOf({
      name: this.name,
      backend: this.#backend,
      isOpen: this.#isOpen,
      writer: this.#writer.counters,
      repaired: this.#healing.repaired,
      audited: this.#audit.last,
      failure: this.#failure,
    });
  }

  /** What was decided reaches it, and its bans stand. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#beginning;
    this.#audit.stop();
    await this.#healing.stop();
    await this.#writer.idle();
    if (this.#isOpen) await this.#backend.close({ keep: true });
  }

  async #begin(): Promise<void> {
    try {
      if (!this.#isOpen) await this.#open();
      await this.refill();
      await this.#backend.settle();
      this.#failure = null;
      if (!this.#isStopped) this.#audit.start(this.#interval);
    } catch (thrown) {
      const failure = messageOf(thrown);
      if (failure !== this.#failure) this.#problem(`${failure}; it is tried again every ${AGAIN / 1000} s`);
      this.#failure = failure;
      if (!this.#isStopped) this.#timer = setTimeout(() => this.begin(this.#interval), AGAIN).unref();
    }
  }

  async #open(): Promise<void> {
    await this.#backend.open();
    this.#isOpen = true;
    this.#options.opened?.();
    this.#backend.watch?.((disturbance) => this.#healing.disturbed(disturbance));
    if (this.#allowed) await this.#healing.allow(this.#allowed);
  }

  async #write(changes: readonly Change[]): Promise<readonly Receipt[]> {
    const receipts = await this.#writer.write(changes);
    const refused = receipts.filter(({ error }) => error);
    const [first] = refused;
    if (first)
      this.#complain(
        `${refused.length} changes are not in it; the first, ${first.change.prefix}: ${messageOf(first.error)}`,
      );
    return receipts;
  }

  #complainOfUnfit(changes: readonly Change[]): void {
    for (const change of changes) {
      const reason = change.verb === 'add' ? this.#backend.unfit?.(change) : undefined;
      if (reason === undefined) continue;
      this.#complain(`some bans are not for it; the first, ${change.prefix}: ${reason}`);
      return;
    }
  }

  /** What may come with every ban is said now and then. */
  #complain(sentence: string): void {
    const now = performance.now();
    if (now < this.#said + SAID_AGAIN) return;
    this.#said = now;
    this.#problem(sentence);
  }

  #problem(sentence: string): void {
    this.#options.problem(this.#named(sentence));
  }

  #named(sentence: string): string {
    return `backend ${this.name}: ${sentence}`;
  }
}

const counted = (receipts: readonly Receipt[]): number => receipts.filter(({ error }) => !error).length;
