import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend, Disturbance } from '../backends/backend.js';
import type { Batch } from '../model/batch.js';
import { messageOf } from '../model/errors.js';
import type { Event } from '../model/events.js';
import type { Prefix } from '../model/prefix.js';
import { Refusal } from '../model/refusal.js';
import type { Sink } from '../writer/commit.js';
import { Backoff } from './backoff.js';
import { Turns } from './turns.js';

export interface HealingOptions {
  readonly tell: (event: Event) => void;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  /** Writes all that the ledger knows through the writer; answers how many elements. */
  readonly refill: () => Promise<number>;
  /** As `refill`, for these elements alone, whatever the ledger says of them. */
  readonly rewrite: (prefixes: readonly Prefix[]) => Promise<number>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Elements that are remembered by name; with more, all of them are written again. */
const MOST = 100_000;

/** How often never-rules are written that a fault kept back which passes, and milliseconds between two times. */
const TRIES = 10;
const PAUSE = 50;

/**
 * Keeps what stands in the kernel standing: where somebody else takes it away or changes it, it is brought back from the ledger
 * at once. It stands between the writer and the backend, so that nothing is written while the frame is rebuilt, and a batch that
 * met a table that was gone is written to the new one.
 */
export class Healing implements Sink {
  readonly #backend: Backend;
  readonly #options: HealingOptions;
  readonly #turns = new Turns();
  readonly #backoff: Backoff;
  /** What is still to be written again. */
  #everything = false;
  #elements = new Map<string, Prefix>();
  /** A batch that was refused for what passes, and has not been written since. */
  #passing: Batch | undefined;
  /** What happened, since it was last seen to. */
  #causes: string[] = [];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;
  #stopped = false;
  /** Whether the back-off knows of the first cause already. */
  #isCounted = false;
  #isFight = false;
  #repaired = 0;

  constructor(backend: Backend, options: HealingOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#backoff = new Backoff(options.now);
  }

  /** Elements that were written again because the kernel did not hold what the ledger says. */
  get repaired(): number {
    return this.#repaired;
  }

  get capacity(): number {
    return this.#backend.capacity;
  }

  /** As the backend's. Where that fails for the frame's sake, the frame is brought back first, unless we wait for peace. */
  apply(batch: Batch): Promise<void> {
    return this.#turns.take(() => this.#mending(() => this.#applyOnce(batch)));
  }

  /** As `apply`. */
  clear(): Promise<void> {
    return this.#turns.take(() => this.#mending(() => this.#backend.clear()));
  }

  /** As the backend's; what passes is tried again. */
  allow(prefixes: readonly Prefix[]): Promise<void> {
    return this.#turns.take(() => this.#mending(() => this.#allowOnce(prefixes, TRIES)));
  }

  /** Somebody else has changed what stands: it is brought back soon, and the call returns at once. */
  disturbed({ sentence, elements }: Disturbance): void {
    this.#causes.push(sentence);
    if (elements) this.#remember(elements);
    else this.#everything = true;
    this.#start();
  }

  /** What is wrong with the frame. Nothing is written meanwhile. */
  check(): Promise<readonly string[]> {
    return this.#turns.take(async () => (await this.#backend.check?.()) ?? []);
  }

  /** Writes elements again that were found to differ from the ledger; answers how many. */
  async rewrite(prefixes: readonly Prefix[]): Promise<number> {
    const written = await this.#options.rewrite(prefixes);
    this.#repaired += written;
    return written;
  }

  /** Writes again what the backend refused for its own sake, if there is any; answers how many elements. */
  retry(): Promise<number> {
    if (this.#running) return Promise.resolve(0);
    return this.rewrite(this.#takeElements());
  }

  /** Resolves when what is known to be disturbed has been brought back. */
  async healed(): Promise<void> {
    await this.#running;
  }

  /** Ends waiting. What was begun is finished before it resolves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#running;
  }

  async #mending(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (!isOfBackend(thrown) || !this.#backend.repair || this.#backoff.wait > 0) throw thrown;
      await this.#repair(messageOf(thrown));
      await work();
    }
  }

  async #allowOnce(prefixes: readonly Prefix[], tries: number): Promise<void> {
    try {
      await this.#backend.allow(prefixes);
    } catch (thrown) {
      if (tries === 1 || !(thrown instanceof Refusal) || thrown.fault !== 'passing') throw thrown;
      await sleep(PAUSE);
      await this.#allowOnce(prefixes, tries - 1);
    }
  }

  async #applyOnce(batch: Batch): Promise<void> {
    // Of another one that was refused for what passes, the writer has given up.
    if (this.#passing !== batch) this.#rememberPassing();
    try {
      await this.#backend.apply(batch);
      this.#passing = undefined;
    } catch (thrown) {
      // The ledger keeps these changes. A guilty element is the writer's affair.
      if (isOfBackend(thrown)) this.#remember(batch.changes.map(({ prefix }) => prefix));
      else if (isPassing(thrown)) this.#passing = batch;
      throw thrown;
    }
  }

  /** Within a turn: nobody writes. The elements may be gone, so that they are written again behind it. */
  async #repair(cause: string): Promise<void> {
    this.#backoff.used();
    this.#isCounted = true;
    this.#causes.push(cause);
    this.#everything = true;
    this.#start();
    await this.#backend.repair?.();
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped && this.#causes.length > 0) {
      // What was done has been heard of by the next turn of the event loop, and is seen to together.
      await new Promise(setImmediate);
      if (!this.#isCounted) await this.#peace();
      if (!this.#stopped) await this.#heal();
    }
    // In the same turn as the look at the causes: a new one starts anew.
    this.#running = undefined;
  }

  /** Waits, if the same happens again and again. */
  async #peace(): Promise<void> {
    const { wait, times } = this.#backoff;
    if (times === 0) this.#isFight = false;
    if (wait > 0) {
      if (!this.#isFight) this.#options.problem(fight(this.#causes[0] as string, times + 1));
      this.#isFight = true;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#timer = setTimeout(resolve, wait);
      });
      clearTimeout(this.#timer);
    }
    this.#backoff.used();
  }

  async #heal(): Promise<void> {
    const [cause] = this.#causes;
    const everything = this.#everything;
    const elements = this.#takeElements();
    this.#causes = [];
    this.#everything = false;
    this.#isCounted = false;
    try {
      if (everything) await this.#turns.take(async () => this.#backend.repair?.());
      const written = (everything ? await this.#options.refill() : 0) + (await this.#options.rewrite(elements));
      this.#repaired += written;
      const message = `${cause}; repaired: ${written} elements were written again`;
      // In a fight the same sentence would come again and again.
      const kept = !this.#isFight;
      this.#options.tell({ kind: 'repair', of: 'kernel', count: written, message, level: 'warning', kept });
    } catch (thrown) {
      this.#remember(elements);
      this.#everything ||= everything;
      this.#causes.push(cause as string);
      this.#complain(`${cause}; repairing it failed, and is tried again: ${messageOf(thrown)}`);
    }
  }

  #complain(message: string): void {
    if (this.#isFight) this.#options.tell({ kind: 'note', level: 'warning', message });
    else this.#options.problem(message);
  }

  #remember(prefixes: readonly Prefix[]): void {
    if (this.#elements.size + prefixes.length > MOST) this.#everything = true;
    else for (const prefix of prefixes) this.#elements.set(prefix.text, prefix);
  }

  #rememberPassing(): void {
    this.#remember(this.#passing?.changes.map(({ prefix }) => prefix) ?? []);
    this.#passing = undefined;
  }

  #takeElements(): readonly Prefix[] {
    this.#rememberPassing();
    const elements = [...this.#elements.values()];
    this.#elements = new Map();
    return elements;
  }
}

const fight = (cause: string, times: number): string =>
  `${cause}, number ${times} in a short time: bans hold only in between; find out who does this, and have it leave dropset's table alone`;

const isPassing = (thrown: unknown): boolean => thrown instanceof Refusal && thrown.fault === 'passing';

const isOfBackend = (thrown: unknown): boolean => thrown instanceof Refusal && thrown.fault === 'backend';
