/**
 * Who has failed within a sliding window, to tell whether these are more than `most`: of no more than that and one are remembered, those
 * that failed last.
 */
export class Offenders {
  readonly #window: number;
  readonly #most: number;
  /** When each failed last, in that order. */
  readonly #times = new Map<string, number>();
  #newest = Number.NEGATIVE_INFINITY;

  /** @param window milliseconds. */
  constructor(window: number, most: number) {
    this.#window = window;
    this.#most = most;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#times.size;
  }

  /**
   * Adds a failure, at `time` (milliseconds, nearly in order), and says whether more than `most` have failed within the window before the
   * newest one.
   *
   * @param address is kept as it is: no piece of a line, which would be kept as a whole.
   */
  add(address: string, time: number): boolean {
    if (time >= this.#newest - this.#window) this.#renew(address, time);
    return this.#times.size > this.#most;
  }

  #renew(address: string, time: number): void {
    this.#newest = Math.max(this.#newest, time);
    const last = Math.max(this.#times.get(address) ?? time, time);
    this.#times.delete(address);
    this.#times.set(address, last);
    for (const [oldest, when] of this.#times) {
      if (this.#times.size <= this.#most + 1 && when >= this.#newest - this.#window) break;
      this.#times.delete(oldest);
    }
  }
}
