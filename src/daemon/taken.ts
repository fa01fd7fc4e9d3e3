import { messageOf } from '../model/errors.js';
import type { Receipt, Verdict } from '../model/street.js';
import { type Events, ONE_BY_ONE } from './events.js';

/** The verdicts that the kernel took, by their receipts in the same order. Of those that it refused, the first ones are told. */
export function taken(
  verdicts: readonly Verdict[],
  receipts: readonly Receipt[],
  events: Pick<Events, 'tell'>,
): readonly Verdict[] {
  const refused = receipts.filter(({ error }) => error);
  if (refused.length === 0) return verdicts;
  const said = refused.slice(0, ONE_BY_ONE);
  for (const [index, { change, error }] of said.entries()) {
    events.tell({
      kind: 'refused',
      address: change.prefix.text,
      error: messageOf(error),
      more: index === said.length - 1 ? refused.length - said.length : 0,
      // The others say the same, and `status` has room for some problems only.
      kept: index === 0,
    });
  }
  return verdicts.filter((_, index) => !receipts[index]?.error);
}
