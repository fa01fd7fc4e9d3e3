import type { Outcome } from './outcome.js';

/**
 * Lines whose verdict is not final yet. A match that spans several lines comes with the last of them, and the others, which
 * had been missed, have matched too. fail2ban-regex takes them back in the same way.
 */
export class Revision {
  readonly #most: number;
  #waiting: Outcome[] = [];

  /** @param maxlines lines that a match may span. */
  constructor(maxlines: number) {
    this.#most = maxlines;
  }

  /** Answers the lines that no later one can change. */
  add(outcome: Outcome): readonly Outcome[] {
    if (this.#most === 1) return [outcome];
    const spanned = Math.max(1, ...outcome.hits.map(({ lines }) => lines));
    if (outcome.verdict === 'matched') this.#matched(spanned - 1);
    this.#waiting.push(outcome);
    return this.#waiting.splice(0, this.#waiting.length - this.#most + 1);
  }

  end(): readonly Outcome[] {
    return this.#waiting.splice(0);
  }

  /** The lines right before this one that had been missed; those that were skipped in between stay so. */
  #matched(count: number): void {
    let left = count;
    for (let at = this.#waiting.length - 1; at >= 0 && left > 0; at--) {
      const outcome = this.#waiting[at] as Outcome;
      if (outcome.verdict !== 'missed') continue;
      this.#waiting[at] = { ...outcome, verdict: 'matched' };
      left--;
    }
  }
}
