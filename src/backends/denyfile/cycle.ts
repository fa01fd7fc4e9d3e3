import { messageOf } from '../../model/errors.js';

/** Milliseconds before a round is tried again that failed: doubled from the first to the last. */
const AGAIN = { first: 5_000, last: 60_000 } as const;

export interface CycleOptions {
  /** Milliseconds between the beginnings of two rounds, at least. */
  readonly interval: number;
  /** One round. */
  readonly round: () => Promise<void>;
  /** Told why a round failed, and undefined when one has gone well behind those that failed. */
  readonly told: (failure: string | undefined) => void;
}

/**
 * Runs a round soon after it is asked for, at once where the last one was long ago; what is asked for meanwhile is done together in the next.
 * A round that fails is tried again by itself.
 */
export class Cycle {
  readonly #options: CycleOptions;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #began = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #isStopped = false;

  constructor(options: CycleOptions) {
    this.#options = options;
  }

  /** Whether something was asked for that no round has done yet. */
  get isPending(): boolean {
    return this.#isDue || this.#running !== undefined;
  }

  /** Returns at once. */
  ask(): void {
    this.#isDue = true;
    if (!this.#running && !this.#timer) this.#plan(this.#options.interval);
  }

  /** Resolves when what was asked for has been tried, without waiting for its time. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#running;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isDue) await this.#run();
  }

  /** As `now`; nothing runs afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.now();
  }

  #plan(pause: number): void {
    if (this.#isStopped) return;
    const wait = Math.max(0, this.#began + pause - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, wait).unref();
  }

  #run(): Promise<void> {
    this.#isDue = false;
    this.#began = performance.now();
    this.#running = this.#round().finally(() => {
      this.#running = undefined;
      if (this.#isDue) this.#plan(this.#failures > 0 ? this.#pause : this.#options.interval);
    });
    return this.#running;
  }

  async #round(): Promise<void> {
    try {
      await this.#options.round();
      if (this.#failures > 0) this.#options.told(undefined);
      this.#failures = 0;
    } catch (thrown) {
      this.#failures++;
      this.#isDue = true;
      this.#options.told(messageOf(thrown));
    }
  }

  get #pause(): number {
    return Math.max(this.#options.interval, Math.min(AGAIN.last, AGAIN.first * 2 ** (this.#failures - 1)));
  }
}
