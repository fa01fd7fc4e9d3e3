import type { Offences } from '../model/offender.js';

/** Names that are counted: imports can bring any number. */
const MOST = 10_000;

export interface JailSum {
  readonly jail: string;
  readonly offenders: number;
  readonly bans: number;
}

/** How many offenders each jail banned, and how often. */
export class JailSums {
  readonly #sums = new Map<string, { offenders: number; bans: number }>();

  /** What one jail has of one offender. */
  add({ jail, bans }: Offences): void {
    const sum = this.#sums.get(jail);
    if (sum) {
      sum.offenders++;
      sum.bans += bans;
    } else if (this.#sums.size < MOST) this.#sums.set(jail, { offenders: 1, bans });
  }

  /** Those with the most bans first. */
  largest(most: number): readonly JailSum[] {
    const all = [...this.#sums].map(([jail, sum]) => ({ jail, ...sum }));
    return all.sort((a, b) => b.bans - a.bans || (a.jail < b.jail ? -1 : 1)).slice(0, most);
  }
}
