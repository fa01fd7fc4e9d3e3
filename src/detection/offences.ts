import type { Compiled } from '../filters/compiled.js';

/** What ran out of its time on a line. */
export interface Overrun {
  readonly jail: string;
  /** The expression, or the jail's date patterns. */
  readonly culprit: Compiled | 'date';
  readonly line: string;
  /** Whether it has been set aside now. */
  readonly isLast: boolean;
}

/** So often a pattern may run out of its time before it is set aside. */
const MOST = 3;

/**
 * Milliseconds that it is set aside for. Not for ever: whoever can make a pattern run long with three lines must not be
 * able to do away with it. Afterwards one such line is enough.
 */
export const SET_ASIDE = 600_000;

/** Lines on which a pattern of one jail ran out of its time. */
export class Offences {
  readonly #counts = new Map<Compiled | 'date', number>();
  #lines = 0;

  /** Lines that a pattern could not be searched in. */
  get lines(): number {
    return this.#lines;
  }

  /** @returns whether it was once too often. */
  count(culprit: Compiled | 'date'): boolean {
    const count = (this.#counts.get(culprit) ?? 0) + 1;
    this.#counts.set(culprit, count);
    this.#lines++;
    return count >= MOST;
  }
}

export function sentenceOf({ jail, culprit, line, isLast }: Overrun): string {
  const what = culprit === 'date' ? 'its date pattern' : `${culprit.role} ${culprit.index + 1} (${placeOf(culprit)})`;
  const outcome = isLast
    ? 'it is set aside for 10 minutes: see `dropset filter check`, and rewrite it'
    : 'the line was passed over for it';
  return `jail ${jail}: ${what} ran out of its time on a line of ${line.length} characters; ${outcome}`;
}

const placeOf = ({ expression: { origin, line } }: Compiled): string =>
  line === undefined ? origin : `${origin}:${line}`;
