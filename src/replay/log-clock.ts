import type { Clock } from '../model/clock.js';

/**
 * What time it was when a log was written: the latest date that has been read of it. A date that is ahead of all others around it is
 * not believed, as a service would not have believed it.
 */
export class LogClock {
  readonly #tolerance: number;
  #time = Number.NEGATIVE_INFINITY;
  #limit = Number.NEGATIVE_INFINITY;
  /** While a failure is considered: when that was. Lines that were read behind it may be later already. */
  #moment: number | undefined;
  #latest = Number.NEGATIVE_INFINITY;

  /** @param tolerance milliseconds that lines may be out of order. */
  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  readonly now: Clock = () => this.#moment ?? this.#time;

  /** Lines from `first` on follow, none of them later than `last`. If all of that is long ago, a wrong date has set the clock. */
  begin(first: number, last: number): void {
    this.#limit = last;
    const isNew = this.#time === Number.NEGATIVE_INFINITY;
    if (!isNew && last >= this.#time - this.#tolerance) return;
    this.#time = Math.min(first, last);
    this.#latest = Number.NEGATIVE_INFINITY;
  }

  /** A line of that date is read. */
  readonly advance = (date: number): void => {
    if (date > this.#time && date <= this.#limit) this.#time = date;
  };

  /** Does something as of a time, or of the latest that was told before. */
  as<T>(time: number, work: () => T): T {
    this.#latest = Math.max(this.#latest, time);
    this.#moment = this.#latest;
    try {
      return work();
    } finally {
      this.#moment = undefined;
    }
  }
}
