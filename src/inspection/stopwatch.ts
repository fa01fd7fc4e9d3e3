import type { Compiled } from '../filters/compiled.js';
import type { Attempt } from '../filters/filter.js';

/** What a filter searches for: one of its expressions, or a date. */
export type Sought = Compiled | 'date';

/** What searches for one thing have cost, in milliseconds. */
export interface Cost {
  total: number;
  /** Of one line. */
  worst: number;
}

/**
 * Takes the time of searches. The filter says what it begins, and with it that the one before has ended.
 *
 * It also sees what nobody else tells: that prefregex matched, as failregexes come behind it only then, and which
 * ignoreregex was asked last.
 */
export class Stopwatch implements Attempt {
  readonly #costs = new Map<Sought, Cost>();
  readonly #now: () => number;
  #current: Sought | undefined;
  #since = 0;
  #prefixed = 0;
  #ignoring: Compiled | undefined;

  /** @param now milliseconds of a clock that only goes forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get compiled(): Sought | undefined {
    return this.#current;
  }

  set compiled(next: Sought | undefined) {
    const now = this.#now();
    if (this.#current) this.#charge(this.#current, now - this.#since);
    if (next !== 'date' && next?.role === 'ignoreregex') this.#ignoring = next;
    if (next && this.#current !== 'date' && this.#current?.role === 'prefregex') this.#prefixed++;
    this.#current = next;
    this.#since = now;
  }

  /** Lines that prefregex matched, where there is a failregex behind it. */
  get prefixed(): number {
    return this.#prefixed;
  }

  /** The ignoreregex that was searched for last. */
  get ignoring(): Compiled | undefined {
    return this.#ignoring;
  }

  costOf(sought: Sought): Readonly<Cost> {
    return this.#costs.get(sought) ?? { total: 0, worst: 0 };
  }

  #charge(sought: Sought, time: number): void {
    const cost = this.#costs.get(sought) ?? { total: 0, worst: 0 };
    cost.total += time;
    cost.worst = Math.max(cost.worst, time);
    this.#costs.set(sought, cost);
  }
}
