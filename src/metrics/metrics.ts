import type { Batch } from '../model/batch.js';
import { monotonic } from '../model/clock.js';
import type { HookReport } from '../model/hook-report.js';
import type { JailReport } from '../model/jail-report.js';
import { type Counters, MANUAL, type Receipt, type Verdict } from '../model/street.js';
import { Drops, type DropsOptions } from './drops.js';
import { Figures, type MetricFamily, type Sample } from './figures.js';
import { labeller } from './jails.js';
import { type Answer, Paced } from './paced.js';
import { processFigures } from './process.js';

/** What is known without asking anybody. */
export interface Instant {
  readonly version: string;
  readonly backend: string;
  readonly writer: { readonly pending: number; readonly written: number; readonly refused: number };
  /** Batches of verdicts that detection has sent and that are not answered yet. */
  readonly underway: number;
  readonly isLedgerWhole: boolean;
  readonly differences: number;
  readonly repaired: number;
  /** Milliseconds since the epoch; null before the first time. */
  readonly audited: number | null;
  readonly problems: number;
  readonly hooks: readonly Pick<HookReport, 'name' | 'calls' | 'failures' | 'queued' | 'dropped'>[];
  /** Backends beside the first one. */
  readonly others: readonly BackendStanding[];
  /** Absent for backends that have none. */
  readonly isOwned?: boolean;
  readonly interfaces?: readonly { readonly mode: string }[];
  readonly memory?: number;
}

/** How one backend beside the first does. */
export interface BackendStanding {
  /** As the configuration calls it. */
  readonly name: string;
  /** Whether it is open, and nothing keeps it from doing what it should. */
  readonly isUp: boolean;
  /** Changes that wait for it, and that it refused. */
  readonly pending: number;
  readonly refused: number;
}

export interface MetricsOptions extends Omit<DropsOptions, 'now' | 'label'> {
  /** The jails that are configured: another list where that has changed. */
  readonly jails: () => readonly { readonly name: string }[];
  readonly instant: () => Instant;
  // What has to be asked. All of them may throw, or never answer.
  readonly reports: () => Promise<readonly JailReport[]>;
  readonly counters: () => Promise<Counters>;
  readonly bans: () => number;
}

/** Milliseconds that a text stands for: scrapes are no way to make the service work. */
const STANDS = 1_000;

/** A million bans are counted in 85 ms, in which nothing else goes on: once in 85 s is enough then. */
const SHARE_AT_A_STANDSTILL = 0.001;

/** Of a jail's report: what it saw and did not count. */
const REASONS = ['never', 'outdated', 'skewed', 'evicted', 'unresolved', 'invalid', 'ignored', 'overruns'] as const;

/** What the writer needs of a backend, as it declares it itself. */
interface Sink {
  readonly capacity: number;
  apply(batch: Batch): Promise<void>;
  clear(): Promise<void>;
}

/** Counts and times what happens, and asks for the rest when somebody wants to read it. */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #figures = new Figures();
  readonly #drops: Drops;
  readonly #reports: Paced<readonly JailReport[]>;
  readonly #counters: Paced<Counters>;
  readonly #bans: Paced<number>;
  readonly #looks: Paced<void>;
  readonly #banned = new Map<string, number>();
  #unbanned = 0;
  #configured: ReturnType<MetricsOptions['jails']> = [];
  #labelled = labeller([]);
  #collected: Promise<void> | undefined;
  #text: Promise<string> | undefined;
  #made = Number.NEGATIVE_INFINITY;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#drops = new Drops({ ...options, label: (jail) => this.#label(jail), now: monotonic });
    this.#reports = new Paced(options.reports, monotonic);
    this.#counters = new Paced(options.counters, monotonic);
    this.#bans = new Paced(options.bans, monotonic, { share: SHARE_AT_A_STANDSTILL });
    this.#looks = new Paced(() => this.#drops.look(), monotonic);
  }

  /** The same sink, with a look at the clock before and after. */
  timed(sink: Sink): Sink {
    const figures = this.#figures;
    return {
      get capacity() {
        return sink.capacity;
      },
      clear: () => sink.clear(),
      async apply(batch) {
        const begun = performance.now();
        try {
          await sink.apply(batch);
        } finally {
          figures.observe('batch', batch.size);
          figures.observe('commit', (performance.now() - begun) / 1e3);
        }
      },
    };
  }

  /** Times a transaction of the ledger. */
  transaction<T>(work: () => T): T {
    const begun = performance.now();
    try {
      return work();
    } finally {
      this.#figures.observe('transaction', (performance.now() - begun) / 1e3);
    }
  }

  /** Verdicts have their receipts. */
  enforced(verdicts: readonly Verdict[], receipts: readonly Receipt[]): void {
    const now = monotonic();
    for (let index = 0; index < verdicts.length; index++) {
      if (receipts[index]?.error) continue;
      const verdict = verdicts[index] as Verdict;
      if (verdict.kind === 'unban') {
        this.#unbanned++;
        continue;
      }
      const { ban, read } = verdict;
      const jail = this.#label(ban.jail);
      this.#banned.set(jail, (this.#banned.get(jail) ?? 0) + 1);
      this.#drops.banned(ban);
      if (read !== undefined) this.#figures.observe('latency', (now - read) / 1e3);
    }
  }

  /** Everything in Prometheus' text format: at most a second old, and there within some two seconds whatever hangs. */
  async text(): Promise<string> {
    await this.#fresh();
    this.#text ??= this.#figures.text();
    return this.#text;
  }

  /** The same, as plain values. */
  async json(): Promise<readonly MetricFamily[]> {
    await this.#fresh();
    return this.#figures.json();
  }

  #fresh(): Promise<void> {
    if (this.#collected && monotonic() < this.#made + STANDS) return this.#collected;
    this.#made = monotonic();
    this.#collected = this.#collect().then(() => {
      this.#text = undefined;
    });
    return this.#collected;
  }

  /** One of a bounded set of names, whoever makes names up. */
  #label(jail: string): string {
    const configured = this.#options.jails();
    if (configured !== this.#configured) {
      this.#configured = configured;
      this.#labelled = labeller(configured.map(({ name }) => name));
    }
    return this.#labelled(jail);
  }

  async #collect(): Promise<void> {
    const [reports, counters, bans, looks] = await Promise.all([
      this.#reports.get(),
      this.#counters.get(),
      this.#bans.get(),
      this.#looks.get(),
    ]);
    const parts = { detection: reports, kernel: counters, ledger: bans, drops: looks };
    const fresh = Object.entries(parts).map(([part, { isFresh }]): Sample => [Number(isFresh), part]);
    this.#figures.tell('fresh', ...fresh);
    this.#tellDetection(reports.value ?? []);
    this.#tellKernel(counters, bans);
    this.#tellDrops();
    this.#tellInstant(this.#options.instant());
    await this.#tellProcess();
  }

  #tellDetection(reports: readonly JailReport[]): void {
    const label = (jail: string): string => this.#label(jail);
    const told = (name: 'lines' | 'failures'): void =>
      this.#figures.tell(name, ...reports.map((report): Sample => [report[name], label(report.name)]));
    told('lines');
    told('failures');
    const uncounted = REASONS.flatMap((reason) =>
      reports.map((report): Sample => [report[reason], label(report.name), reason]),
    );
    this.#figures.tell('uncounted', ...uncounted);
    const behind = reports.flatMap(({ name, behind }): Sample[] => (behind === null ? [] : [[behind, label(name)]]));
    this.#figures.tell('behind', ...behind);
    this.#figures.tell('sieges', ...reports.flatMap((report) => siegesOf(report, label(report.name))));
  }

  #tellKernel({ value }: Answer<Counters>, bans: Answer<number>): void {
    this.#figures.tell('elements', ...one(value?.elements));
    this.#figures.tell('packets', ...one(value?.packets));
    this.#figures.tell('bytes', ...one(value?.bytes));
    this.#figures.tell('observedPackets', ...one(value?.observed?.packets));
    this.#figures.tell('observedBytes', ...one(value?.observed?.bytes));
    this.#figures.tell('standing', ...one(bans.value));
  }

  #tellDrops(): void {
    const none = [MANUAL, ...this.#options.jails().map(({ name }) => name)].map(
      (jail): Sample => [0, this.#label(jail)],
    );
    this.#figures.tell('bans', ...none, ...[...this.#banned].map(([jail, count]): Sample => [count, jail]));
    this.#figures.tell('unbans', [this.#unbanned]);
    const sums = [...this.#drops.sums];
    this.#figures.tell('jailPackets', ...sums.map(([jail, { packets }]): Sample => [packets, jail]));
    this.#figures.tell('jailBytes', ...sums.map(([jail, { bytes }]): Sample => [bytes, jail]));
    const { round, watched } = this.#drops;
    this.#figures.tell('round', ...one(round === undefined ? undefined : round / 1e3));
    this.#figures.tell('watched', [watched]);
  }

  #tellInstant(instant: Instant): void {
    const { version, backend, writer, audited, isOwned, interfaces } = instant;
    this.#figures.tell('build', [1, version, process.version, backend]);
    this.#figures.tell('pending', [writer.pending]);
    this.#figures.tell('written', [writer.written]);
    this.#figures.tell('refused', [writer.refused]);
    this.#figures.tell('underway', [instant.underway]);
    this.#figures.tell('pendingLedger', [Number(!instant.isLedgerWhole)]);
    this.#figures.tell('differences', [instant.differences]);
    this.#figures.tell('repaired', [instant.repaired]);
    this.#figures.tell('audited', ...one(audited === null ? undefined : audited / 1e3));
    this.#figures.tell('problems', [instant.problems]);
    this.#figures.tell('owned', ...one(isOwned === undefined ? undefined : Number(isOwned)));
    const modes = interfaces && ['native', 'generic'].map((mode): Sample => [0, mode]);
    this.#figures.tell('interfaces', ...(modes ?? []), ...(interfaces ?? []).map(({ mode }): Sample => [1, mode]));
    this.#figures.tell('memory', ...one(instant.memory));
    this.#tellOthers(instant.others);
    const { hooks } = instant;
    const tries = hooks.flatMap(({ name, calls, failures }): Sample[] => [
      [calls, name, 'ok'],
      [failures, name, 'failed'],
    ]);
    this.#figures.tell('hookCalls', ...tries);
    this.#figures.tell('hookQueue', ...hooks.map(({ name, queued }): Sample => [queued, name]));
    this.#figures.tell('hookDrops', ...hooks.map(({ name, dropped }): Sample => [dropped, name]));
  }

  #tellOthers(others: Instant['others']): void {
    this.#figures.tell('otherUp', ...others.map(({ name, isUp }): Sample => [Number(isUp), name]));
    this.#figures.tell('otherPending', ...others.map(({ name, pending }): Sample => [pending, name]));
    this.#figures.tell('otherRefused', ...others.map(({ name, refused }): Sample => [refused, name]));
  }

  async #tellProcess(): Promise<void> {
    for (const [name, value] of Object.entries(await processFigures())) {
      this.#figures.tell(name as keyof Awaited<ReturnType<typeof processFigures>>, [value]);
    }
  }
}

/** Of a jail that watches for sieges. */
function siegesOf({ siege }: JailReport, jail: string): Sample[] {
  if (!siege) return [];
  const ofUsers = siege.standing.filter(({ user }) => user !== null).length;
  return [
    [siege.standing.length - ofUsers, jail, 'jail'],
    [ofUsers, jail, 'user'],
  ];
}

/** A series that is absent while nothing is known. */
const one = (value: number | undefined): Sample[] => (value === undefined ? [] : [[value]]);
