import { type Ban, type Change, isFold } from '../model/street.js';
import { Folding, type Recorded, wholeOf } from './folding.js';
import { stored } from './rows.js';
import type { Parts } from './session.js';
import { isWide } from './units.js';

/** What the kernel has to hold of some rows. */
export interface Page {
  readonly changes: readonly Change[];
  /** The last of the rows; undefined if there are none behind them. */
  readonly last: number | undefined;
}

/** Bans that came to their end, and what that means for the kernel. */
export interface Expired {
  readonly ended: readonly Ban[];
  readonly recorded: Recorded;
  /** Whether there may be more. */
  readonly isMore: boolean;
}

/** Of at most `size` live rows behind a row. */
export function pageOf({ bans, view }: Parts, now: number, behind: number, size: number): Page {
  const rows = bans.ends(now, behind, size);
  const changes = rows.flatMap((row) => view.elementOf(row, now));
  return { changes, last: rows.length < size ? undefined : rows.at(-1)?.[0] };
}

/** As `pageOf`, with what has to be written so that the kernel holds it. */
export function writtenPageOf(parts: Parts, now: number, behind: number, size: number): Page & Recorded {
  const page = pageOf(parts, now, behind, size);
  const isPlain = page.changes.every((change) => !isFold(change) && !isWide(change.prefix));
  return isPlain ? page : { ...page, steps: new Folding(parts.view, now).page(page.changes) };
}

/** What is to be written of rows that were changed all at once, whatever they were before. */
export function turnedPageOf({ view }: Parts, now: number, addresses: readonly string[], last: number | undefined) {
  return { ...wholeOf(addresses.map(stored), view, now), last };
}
