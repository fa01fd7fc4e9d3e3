import type { Clock } from '../model/clock.js';
import type { Held } from './held.js';

/** Milliseconds between two looks for what has ended, at least; and elements for each more of them, since a look goes through all. */
const PAUSE = 250;
const ELEMENTS = 100;

/** The longest that a timer may run: the wall clock may be set meanwhile. */
const LONGEST = 60_000;

/** Milliseconds after which a look is taken again that failed. */
const AGAIN = 5_000;

/** Wakes a backend when elements end that it has to take away by itself. */
export class Ends {
  readonly #held: Held;
  readonly #clock: Clock;
  readonly #forget: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  #isStopped = false;

  /** @param forget takes away what has ended; if it rejects, it is called again some seconds later. */
  constructor(held: Held, clock: Clock, forget: () => Promise<void>) {
    this.#held = held;
    this.#clock = clock;
    this.#forget = forget;
  }

  /** To be called when elements were added. The process may end while it waits. */
  arm(pause = 0): void {
    const { nextEnd } = this.#held;
    if (this.#isStopped || nextEnd >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = nextEnd;
    const wait = Math.min(LONGEST, Math.max(pause, nextEnd - this.#clock()));
    this.#timer = setTimeout(() => void this.#wake(), wait).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #wake(): Promise<void> {
    let pause = Math.max(PAUSE, this.#held.count / ELEMENTS);
    try {
      await this.#forget();
    } catch {
      // What could not be taken away is told by the next check, which sees it standing.
      pause = AGAIN;
    }
    this.#due = Number.POSITIVE_INFINITY;
    this.arm(pause);
  }
}
