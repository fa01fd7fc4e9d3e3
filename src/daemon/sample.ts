import type { Ledger } from '../ledger/ledger.js';
import type { Change } from '../model/street.js';

/** Rows that are read in one piece. */
const STRETCH = 16;

/**
 * Elements of the ledger to look at, some at a time: one half goes on where the last sample ended, so that everybody has
 * a turn, the other is from random places, so that nobody waits for it.
 */
export class Sample {
  readonly #ledger: Pick<Ledger, 'elementsBehind' | 'range'>;
  readonly #random: () => number;
  /** The row where the last sample ended. */
  #last = 0;

  constructor(ledger: Pick<Ledger, 'elementsBehind' | 'range'>, random: () => number = Math.random) {
    this.#ledger = ledger;
    this.#random = random;
  }

  /** About `size` elements; fewer if there are no more. None is there twice. */
  next(size: number): readonly Change[] {
    const found = new Map<string, Change>();
    for (const change of this.#following(Math.ceil(size / 2))) found.set(change.prefix.text, change);
    const { behind, last } = this.#ledger.range;
    for (let left = Math.floor(size / 2); left > 0; left -= STRETCH) {
      const somewhere = behind + Math.floor(this.#random() * (last - behind));
      const { changes } = this.#ledger.elementsBehind(somewhere, Math.min(left, STRETCH));
      for (const change of changes) found.set(change.prefix.text, change);
    }
    return [...found.values()];
  }

  #following(size: number): readonly Change[] {
    const page = this.#ledger.elementsBehind(this.#last, size);
    this.#last = page.last ?? 0;
    if (page.last !== undefined) return page.changes;
    const rest = this.#ledger.elementsBehind(0, Math.max(1, size - page.changes.length));
    this.#last = rest.last ?? 0;
    return [...page.changes, ...rest.changes];
  }
}
