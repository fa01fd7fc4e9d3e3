export interface AllowanceOptions {
  /** A minute. */
  readonly rate: number;
  /** At once. */
  readonly burst: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** A token bucket: so many at once, and so many a minute in the long run. */
export class Allowance {
  readonly #options: AllowanceOptions;
  #left: number;
  #filled: number;

  constructor(options: AllowanceOptions) {
    this.#options = options;
    this.#left = options.burst;
    this.#filled = options.now();
  }

  /** Whether one more is allowed now; then it is taken. */
  take(): boolean {
    const { rate, burst, now } = this.#options;
    const time = now();
    this.#left = Math.min(burst, this.#left + ((time - this.#filled) * rate) / 60_000);
    this.#filled = time;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
