import type { Clock } from '../model/clock.js';

/** Bans that end within the same second are forgotten together. */
const GRAIN = 1000;

/** The longest that a timer may run: the wall clock may be set meanwhile. */
const LONGEST = 60_000;

/** Calls `expire` when the next ban ends, and not before: an idle service sleeps. */
export class Expiry {
  readonly #clock: Clock;
  readonly #nextEnd: () => number | undefined;
  readonly #expire: () => Promise<boolean>;
  readonly #failed: (thrown: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  #stopped = false;

  /**
   * @param expire answers whether there may be more to do at once.
   * @param failed is told what `nextEnd` or `expire` threw.
   */
  constructor(
    clock: Clock,
    nextEnd: () => number | undefined,
    expire: () => Promise<boolean>,
    failed: (thrown: unknown) => void,
  ) {
    this.#clock = clock;
    this.#nextEnd = nextEnd;
    this.#expire = expire;
    this.#failed = failed;
  }

  /** A ban ends at `until`: wakes up by then, unless something wakes us earlier anyway. */
  arm(until: number | null): void {
    const now = this.#clock();
    const due = Math.min((until ?? Number.POSITIVE_INFINITY) + GRAIN, now + LONGEST);
    if (this.#stopped || until === null || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#wake(), Math.max(0, due - now));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #wake(): Promise<void> {
    const next = await this.#forget();
    this.#due = Number.POSITIVE_INFINITY;
    if (!this.#stopped) this.arm(next);
  }

  /** Answers the next end. After a failure that is infinity, which `arm` takes for the longest wait: the kernel needs us not. */
  async #forget(): Promise<number | null> {
    try {
      while (!this.#stopped && (await this.#expire()));
      return this.#stopped ? null : (this.#nextEnd() ?? null);
    } catch (thrown) {
      this.#failed(thrown);
      return Number.POSITIVE_INFINITY;
    }
  }
}
