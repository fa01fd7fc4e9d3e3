import type { Recorded } from '../ledger/ledger.js';
import type { Change, Verdict } from '../model/street.js';

/**
 * What verdicts mean for the kernel where the ledger cannot take them.
 *
 * @param outlasting what was folded into a prefix and has to be written before that changes.
 */
export function bare(verdicts: readonly Verdict[], outlasting: (change: Change) => readonly Change[]): Recorded {
  const changes = verdicts.map(bareChange);
  const back = changes.flatMap((change) => outlastingIfKnown(change, outlasting));
  if (back.length === 0) return { changes };
  return { changes, steps: [lastOfEach(back), lastOfEach(changes)] };
}

/** What cannot be written may be read all the same. */
function outlastingIfKnown(change: Change, outlasting: (change: Change) => readonly Change[]): readonly Change[] {
  try {
    return outlasting(change);
  } catch {
    return [];
  }
}

function bareChange(verdict: Verdict): Change {
  if (verdict.kind === 'unban') return { verb: 'remove', prefix: verdict.prefix };
  const { prefix, until, scope } = verdict.ban;
  return { verb: 'add', prefix, until, ...(scope && { scope }) };
}

/** Of several changes to one element the last. */
const lastOfEach = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [change.prefix.text, change])).values(),
];
