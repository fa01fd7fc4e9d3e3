import type { Scope } from '../model/scope.js';
import { type Ban, type Change, isFold } from '../model/street.js';
import { marked } from './doubtful.js';
import { Folding, foldedOf, type Recorded, wholeOf } from './folding.js';
import { banOf, stored } from './rows.js';
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
function turnedPageOf({ view }: Parts, now: number, addresses: readonly string[], last: number | undefined) {
  return { ...wholeOf(addresses.map(stored), view, now), last };
}

/** Forgets at most `size` bans that have ended, and puts down what becomes of their elements. */
export function expired(parts: Parts, now: number, size: number): Expired {
  const { bans, view } = parts;
  const rows = bans.ended(now, size);
  const { behind } = bans.range;
  for (const row of rows) bans.retire(row);
  const ended = rows.filter(({ id }) => id > behind).map((row) => banOf(row));
  // What is folded into a ban ends no later: nothing comes back.
  const changes = ended.map(({ prefix }) => view.change(prefix, now));
  return { ended, recorded: marked(parts, foldedOf(changes, view, now)), isMore: rows.length > 0 };
}

/** Gives another scope to a jail's bans in at most `size` rows behind a row; with the last of them the jail is known to have it. */
export function rescoped(
  parts: Parts,
  now: number,
  { jail, scope }: { readonly jail: string; readonly scope: Scope | undefined },
  { behind, size }: { readonly behind: number; readonly size: number },
): Page & Recorded {
  const { bans, jailScopes } = parts;
  const { addresses, last } = jailScopes.turn(jail, scope, Math.max(behind, bans.range.behind), size);
  if (last === undefined) jailScopes.settle(jail, scope);
  const page = turnedPageOf(parts, now, addresses, last);
  return marked(parts, page, page.changes.map(({ prefix }) => prefix).filter(isWide));
}
