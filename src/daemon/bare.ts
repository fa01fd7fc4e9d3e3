import type { Recorded } from '../ledger/ledger.js';
import type { Share } from '../ledger/share.js';
import type { Change, Verdict } from '../model/street.js';

/** What the ledger could not be told. */
export interface Bare extends Recorded {
  readonly untold: readonly Verdict[];
}

/**
 * What verdicts mean for the kernel where the ledger cannot take them.
 *
 * @param share whose bans the kernel holds.
 * @param outlasting what was folded into a prefix and has to be written before that changes.
 */
export function bare(
  verdicts: readonly Verdict[],
  share: Share,
  outlasting: (change: Change) => readonly Change[],
): Bare {
  const changes = bareChanges(verdicts, share);
  const back = changes.flatMap((change) => outlastingIfKnown(change, outlasting));
  if (back.length === 0) return { changes, untold: verdicts };
  return { changes, steps: [lastOfEach(back), lastOfEach(changes)], untold: verdicts };
}

/** One change for each, for a backend that holds a share of the bans. */
export const bareChanges = (verdicts: readonly Verdict[], share: Share): readonly Change[] =>
  verdicts.map((verdict) => bareChange(verdict, share));

/** What cannot be written may be read all the same. */
function outlastingIfKnown(change: Change, outlasting: (change: Change) => readonly Change[]): readonly Change[] {
  try {
    return outlasting(change);
  } catch {
    return [];
  }
}

function bareChange(verdict: Verdict, share: Share): Change {
  if (verdict.kind === 'unban') return { verb: 'remove', prefix: verdict.prefix };
  const { prefix, until, scope, jail } = verdict.ban;
  if (!share.includes(jail)) return { verb: 'remove', prefix };
  return { verb: 'add', prefix, until, ...(scope && { scope }) };
}

/** Of several changes to one element the last. */
const lastOfEach = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [change.prefix.text, change])).values(),
];
