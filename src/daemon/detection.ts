import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { JailConfig } from '../config/types.js';
import type { Assignment, BanNews, News, Order, PositionNews, Progress, Wanted } from '../detection/messages.js';
import { formatDuration } from '../model/duration.js';
import { messageOf } from '../model/errors.js';
import type { SiegeEvent } from '../model/events.js';
import type { JailReport } from '../model/jail-report.js';
import { Prefix } from '../model/prefix.js';
import type { BanVerdict } from '../model/street.js';

/** What is to be watched for. */
export interface Work {
  readonly jails: readonly JailConfig[];
  readonly never: readonly Prefix[];
}

export interface DetectionOptions extends Work {
  /** Bytes of a line that are read. */
  readonly maxLine: number;
  /** How far sources had been read when dropset last ran. */
  readonly positions: readonly PositionNews[];
  /** What had been counted when a thread ended; asked at each start of one. */
  readonly counts: () => readonly string[];
  /**
   * Where verdicts go, with the progress that they came of; none, about once a second. While several batches are on their way, nothing
   * more is read: a flood slows reading, not writing. `onLost` is told if the progress could not be written down.
   */
  readonly enforce: (verdicts: readonly BanVerdict[], progress: Progress, onLost: () => void) => Promise<unknown>;
  /** Told what an operator should know. */
  readonly report: (sentence: string) => void;
  /** Told that a siege begins, or ends. */
  readonly onSiege?: (siege: Omit<SiegeEvent, 'kind'>) => void;
  /** The thread's program; its own where absent. */
  readonly program?: URL | undefined;
  readonly timing?: Partial<Timing>;
}

/** Milliseconds. */
export interface Timing {
  /** Before a thread that died is started again, the first time; twice as long each time that it dies at once. */
  readonly restart: number;
  /** Between two questions whether it is alive. It is given up when it has answered none of two. */
  readonly heartbeat: number;
  /** That it may take to stop. */
  readonly patience: number;
}

const TIMING: Timing = { restart: 1_000, heartbeat: 5_000, patience: 2_000 };

/** Milliseconds that a restart waits at most. */
const LONGEST_WAIT = 60_000;

/**
 * Reads and judges logs, in a thread of its own, so that a flood of lines never delays a kernel write. A thread that dies, or
 * hangs, is started again where it had read to.
 */
export class Detection {
  readonly #options: DetectionOptions;
  readonly #timing: Timing;
  readonly #positions: Map<string, PositionNews>;
  readonly #questions = new Map<number, (reports: readonly JailReport[]) => void>();
  /** Who waits for the answers to `prepare` and `replace`; without one, the thread has ended. */
  readonly #changes = new Map<number, (faults: readonly string[]) => void>();
  #work: Work;
  /** What was made ready, and by which thread. */
  #prepared: { readonly work: Work; readonly by: Worker | undefined } | undefined;
  #worker: Worker | undefined;
  #ready: (() => void) | undefined;
  #restart: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  /** Questions that were asked since the last answer. */
  #unanswered = 0;
  /** Threads in a row that ended before they answered. */
  #failures = 0;
  #request = 0;
  #underway = 0;
  #isStopping = false;
  #last: readonly JailReport[] = [];

  constructor(options: DetectionOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#work = { jails: options.jails, never: options.never };
    this.#positions = new Map(options.positions.map((news) => [news.source, news]));
  }

  /** Resolves when every log file is open and watched, so that nothing that is written from then on is missed. */
  start(): Promise<void> {
    if (this.#work.jails.length === 0) return Promise.resolve();
    const workerData: Assignment = {
      ...wantedOf(this.#work),
      maxLine: this.#options.maxLine,
      positions: [...this.#positions.values()],
      counts: this.#options.counts(),
    };
    const program = this.#options.program ?? new URL('../detection/worker.js', import.meta.url);
    const worker = new Worker(program, { workerData });
    this.#worker = worker;
    worker.on('message', (news: News) => this.#heard(worker, news));
    worker.on('error', (error) => this.#options.report(`detection failed: ${messageOf(error)}`));
    return new Promise((resolve) => {
      this.#ready = () => {
        this.#watch(worker);
        resolve();
      };
      worker.on('exit', () => {
        this.#ended(worker);
        resolve();
      });
    });
  }

  /** Batches of verdicts that are on their way to the kernel. */
  get underway(): number {
    return this.#underway;
  }

  /** How each jail is doing; what was last known while the thread is away. */
  async reports(): Promise<readonly JailReport[]> {
    const worker = this.#worker;
    if (worker) this.#last = await new Promise((resolve) => this.#ask(worker, resolve));
    return this.#last;
  }

  /** Spares others from here on; the jails stay as they are. */
  spare(never: readonly Prefix[]): void {
    this.#work = { ...this.#work, never };
    if (this.#worker) this.#order(this.#worker, { kind: 'never', never: never.map(({ text }) => text) });
  }

  /**
   * Has the thread make ready for other jails and never-rules; nothing changes yet. Answers the faults: jails whose filters cannot be
   * used. A thread that is away has no faults.
   */
  async prepare(work: Work): Promise<readonly string[]> {
    const by = this.#worker;
    this.#prepared = { work, by };
    if (!by) return [];
    return this.#change(by, (request) => ({ kind: 'prepare', request, ...wantedOf(work) }));
  }

  /** Goes on with what was made ready last. Resolves when the sources are open, so that nothing that is written from then on is missed. */
  async replace(): Promise<void> {
    const { work, by } = this.#prepared ?? { work: this.#work, by: this.#worker };
    this.#prepared = undefined;
    this.#work = work;
    const worker = this.#worker;
    if (this.#isStopping) return;
    if (!worker && !this.#restart) await this.start();
    else if (worker && worker === by) await this.#change(worker, (request) => ({ kind: 'replace', request }));
    // It was started for the old jails since: another one is, for the new ones.
    else if (worker) await worker.terminate();
  }

  /** Stops reading. Verdicts that were reached are handed over before it resolves, unless the thread does not end by any means. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (!worker) return;
    clearInterval(this.#heartbeat);
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#order(worker, { kind: 'stop' });
    const { patience } = this.#timing;
    const impatience = setTimeout(() => void worker.terminate(), patience);
    // A thread that waits for a disk cannot even be terminated.
    const despair = new AbortController();
    await Promise.race([ended, sleep(2 * patience, undefined, { signal: despair.signal }).catch(() => undefined)]);
    clearTimeout(impatience);
    despair.abort();
    worker.unref();
  }

  #change(worker: Worker, order: (request: number) => Order): Promise<readonly string[]> {
    const request = ++this.#request;
    return new Promise((resolve) => {
      this.#changes.set(request, resolve);
      this.#order(worker, order(request));
    });
  }

  #changed(request: number, faults: readonly string[]): void {
    this.#changes.get(request)?.(faults);
    this.#changes.delete(request);
  }

  #ask(worker: Worker, told: (reports: readonly JailReport[]) => void): void {
    const request = ++this.#request;
    this.#questions.set(request, told);
    this.#order(worker, { kind: 'report', request });
  }

  /** Looks after a thread that is at work. One that is still starting may have a thousand expressions to compile. */
  #watch(worker: Worker): void {
    this.#unanswered = 0;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#beat(worker), this.#timing.heartbeat).unref();
  }

  #beat(worker: Worker): void {
    if (++this.#unanswered <= 2) {
      this.#ask(worker, () => undefined);
      return;
    }
    clearInterval(this.#heartbeat);
    this.#options.report('detection hangs and is given up');
    void worker.terminate();
  }

  #order(worker: Worker, order: Order): void {
    worker.postMessage(order);
  }

  #heard(worker: Worker, news: News): void {
    if (news.kind === 'ready') this.#ready?.();
    else if (news.kind === 'verdicts') this.#enforce(worker, news.batch, news.bans, news);
    else if (news.kind === 'sentence') this.#options.report(news.sentence);
    else if (news.kind === 'siege') this.#options.onSiege?.(news);
    else if (news.kind === 'progress') void this.#advance(worker, [], news);
    else if (news.kind === 'prepared') this.#changed(news.request, news.faults);
    else if (news.kind === 'replaced') this.#changed(news.request, []);
    else this.#answered(news.request, news.report.jails);
  }

  #answered(request: number, jails: readonly JailReport[]): void {
    if (this.#unanswered > 0) this.#failures = 0;
    this.#unanswered = 0;
    this.#questions.get(request)?.(jails);
    this.#questions.delete(request);
  }

  #enforce(worker: Worker, batch: number, bans: readonly BanNews[], progress: Progress): void {
    const verdicts = bans.map(
      ({ address, read, ...ban }): BanVerdict => ({
        ...{ kind: 'ban', ban: { ...ban, prefix: Prefix.parse(address) } },
        ...(read !== undefined && { read }),
      }),
    );
    this.#underway++;
    const arrived = (): void => {
      this.#underway--;
      this.#order(worker, { kind: 'enforced', batch });
    };
    this.#advance(worker, verdicts, progress).then(arrived, arrived);
  }

  #advance(worker: Worker, verdicts: readonly BanVerdict[], { positions, counts }: Progress): Promise<unknown> {
    for (const news of positions) this.#positions.set(news.source, news);
    const progress = { positions, ...(counts && { counts }) };
    return this.#options.enforce(verdicts, progress, () => this.#order(worker, { kind: 'lost' }));
  }

  #ended(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    clearInterval(this.#heartbeat);
    for (const answer of this.#questions.values()) answer(this.#last);
    this.#questions.clear();
    for (const request of [...this.#changes.keys()]) this.#changed(request, []);
    if (this.#isStopping) return;
    const wait = Math.min(this.#timing.restart * 2 ** this.#failures++, LONGEST_WAIT);
    this.#options.report(`detection has ended and is started again in ${formatDuration(wait)}`);
    this.#restart = setTimeout(() => {
      this.#restart = undefined;
      void this.start();
    }, wait);
  }
}

const wantedOf = ({ jails, never }: Work): Wanted => ({ jails, never: never.map(({ text }) => text) });
