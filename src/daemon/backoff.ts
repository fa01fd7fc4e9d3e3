/** Milliseconds without trouble after which all is forgotten. */
const QUIET = 60_000;
/** Times that one is let through at once; then the first wait, which doubles up to the longest. Milliseconds. */
const AT_ONCE = 3;
const FIRST = 500;
const LONGEST = 30_000;

/** How long to wait before trouble is seen to again: against somebody who makes it again and again, nobody shall spin. */
export class Backoff {
  readonly #now: () => number;
  #times = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that only goes forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Times that trouble was seen to without a quiet minute between. */
  get times(): number {
    return this.#now() - this.#last >= QUIET ? 0 : this.#times;
  }

  /** Milliseconds to wait from now, before it is seen to once more. */
  get wait(): number {
    if (this.times < AT_ONCE) return 0;
    const whole = Math.min(LONGEST, FIRST * 2 ** (this.times - AT_ONCE));
    return Math.max(0, whole - (this.#now() - this.#last));
  }

  /** Trouble is seen to now. */
  used(): void {
    this.#times = this.times + 1;
    this.#last = this.#now();
  }
}
