import type { Prefix } from '../model/prefix.js';
import { isFold } from '../model/street.js';
import { type Recorded, wholeOf } from './folding.js';
import { stored } from './rows.js';
import type { Parts } from './session.js';

/**
 * Puts down that the kernel may still hold what is being taken away from it, until it has answered: see doubts.ts.
 *
 * @param shrunk wide prefixes whose element stays, and no longer stands for all that was folded into it.
 */
export function marked<T extends Recorded>(
  { doubts, doubtOf }: Pick<Parts, 'doubts' | 'doubtOf'>,
  recorded: T,
  shrunk: readonly Prefix[] = [],
): T {
  const removed = recorded.changes.filter((change) => change.verb === 'remove' && !isFold(change));
  const addresses = new Set([...removed.map(({ prefix }) => prefix.text), ...shrunk.map(({ text }) => text)]);
  if (addresses.size > 0) doubtOf.set(recorded, doubts.enter([...addresses]));
  return recorded;
}

/** What makes certain that the kernel holds what it should, of all that is in doubt. */
export const doubtful = ({ view, doubts, doubtOf }: Parts, now: number): readonly Recorded[] =>
  doubts.all().map(({ id, addresses }) => {
    const recorded = wholeOf(addresses.map(stored), view, now);
    doubtOf.set(recorded, id);
    return recorded;
  });
