import { setTimeout as sleep } from 'node:timers/promises';
import type { HookConfig } from '../config/types.js';
import { messageOf } from '../model/errors.js';
import type { Event } from '../model/events.js';
import type { HookReport } from '../model/hook-report.js';
import { printableJson } from '../model/printable.js';
import { type Delivery, Failed } from './delivery.js';
import { Queue } from './queue.js';
import { waitBefore } from './retry.js';
import { Trouble } from './trouble.js';

export interface HookOptions {
  readonly config: Pick<HookConfig, 'name' | 'pause' | 'batch' | 'queue'>;
  readonly delivery: Delivery;
  /** Milliseconds after which a call is tried no more; 0 for one try. */
  readonly giveUp: number;
  readonly wants: (event: Event) => boolean;
  /** An event as programs read it: of some hundred bytes, some 30 KiB at most. */
  readonly record: (event: Event, time: number) => object;
  /** What the calls say of where they are from. */
  readonly host: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly problem: (sentence: string) => void;
  readonly note: (sentence: string) => void;
}

/** Bytes of a call's body, about: events behind that wait for the next. */
const LARGEST = 1024 * 1024;

/** One hook: events that it wants, in their order, one call at a time; what comes meanwhile is in the next. */
export class Hook {
  readonly #options: HookOptions;
  readonly #queue: Queue;
  readonly #trouble: Trouble;
  readonly #over = new AbortController();
  /** Ends a pause, and the wait before another try, when the service stops. */
  readonly #hurry = new AbortController();
  #calls = 0;
  #failures = 0;
  #dropped = 0;
  #running: Promise<void> | undefined;

  constructor(options: HookOptions) {
    this.#options = options;
    this.#queue = new Queue(options.config.queue);
    this.#trouble = new Trouble(options);
    const fault = options.delivery.fault();
    if (fault !== undefined) this.#trouble.began(fault);
  }

  get report(): Omit<HookReport, 'kind'> {
    const { config, delivery } = this.#options;
    const { failing } = this.#trouble;
    const [calls, failures, dropped] = [this.#calls, this.#failures, this.#dropped];
    return {
      name: config.name,
      target: delivery.target,
      calls,
      failures,
      queued: this.#queue.length,
      dropped,
      failing,
    };
  }

  /** Never waits, and never throws: who tells has more to do. */
  hear(event: Event, time: number): void {
    if (this.#hurry.signal.aborted || !this.#options.wants(event)) return;
    if (!this.#queue.add(event, time)) {
      this.#dropped++;
      this.#trouble.overflowed(this.#options.config.queue);
    }
    this.#running ??= this.#run();
  }

  /** What waits goes out without a pause, as far as there is time. Resolves when nothing runs. @param patience milliseconds. */
  async stop(patience: number): Promise<void> {
    this.#hurry.abort();
    const timer = setTimeout(() => this.#over.abort(), patience);
    await this.#running;
    clearTimeout(timer);
    this.#options.delivery.close();
    if (this.#dropped > 0)
      this.#options.note(`hook ${this.#options.config.name}: ${this.#dropped} events were told to nobody`);
  }

  async #run(): Promise<void> {
    // All that is told in one turn goes into one call.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) {
      const begun = this.#options.now();
      await this.#deliver();
      await this.#wait(begun + this.#options.config.pause - this.#options.now());
    }
    this.#running = undefined;
  }

  async #deliver(): Promise<void> {
    const { host, config, newId } = this.#options;
    const missed = this.#queue.missed();
    const events = this.#batch();
    const id = newId();
    const head = printableJson({ hook: config.name, host, id, missed }).slice(0, -1);
    const isTaken = !this.#over.signal.aborted && (await this.#try(`${head},"events":[${events.join(',')}]}\n`, id));
    if (isTaken) return;
    this.#queue.lost(missed + events.length);
    this.#dropped += events.length;
  }

  #batch(): readonly string[] {
    const { config, record } = this.#options;
    const texts: string[] = [];
    for (let bytes = 0; texts.length < config.batch && bytes < LARGEST; ) {
      const [next] = this.#queue.take(1);
      if (!next) break;
      const text = printableJson(record(next.event, next.time));
      texts.push(text);
      bytes += text.length;
    }
    return texts;
  }

  /** Answers whether it was taken. */
  async #try(body: string, id: string): Promise<boolean> {
    const { delivery, giveUp, now, random } = this.#options;
    const begun = now();
    for (let tries = 1; ; tries++) {
      try {
        await delivery.call(body, id, this.#over.signal);
        this.#calls++;
        this.#trouble.ended();
        return true;
      } catch (thrown) {
        if (this.#over.signal.aborted) return false;
        this.#failures++;
        this.#trouble.began(messageOf(thrown));
        const failed = thrown instanceof Failed ? thrown : new Failed(messageOf(thrown));
        const wait = waitBefore(tries, random(), failed.after);
        const isLast = !failed.isPassing || now() + wait - begun > giveUp || this.#hurry.signal.aborted;
        if (isLast) return false;
        await this.#wait(wait);
      }
    }
  }

  async #wait(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    await sleep(milliseconds, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }
}
