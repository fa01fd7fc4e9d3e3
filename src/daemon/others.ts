import type { Clock } from '../model/clock.js';
import { hasOwner, type Opened } from './opening.js';
import { Secondaries } from './secondaries.js';
import { Secondary } from './secondary.js';

/** The backends beside the first one, as they are wired. @param isWhole whether the ledger knows all bans. */
export function secondariesOf(
  { others, ledger, events, shares, share: first, systemd }: Opened,
  { isWhole, clock }: { readonly isWhole: () => boolean; readonly clock: Clock },
): Secondaries {
  return new Secondaries(
    others.map((chosen) => {
      const { choice, backend } = chosen;
      return new Secondary({
        ...{ name: choice.name, backend, ledger, share: shares.of(choice.name), first, isWhole, clock },
        tell: (event) => events.tell(event),
        problem: (sentence) => events.problem(sentence),
        opened: () => {
          if (hasOwner(chosen)) systemd.keep(backend.kept?.());
        },
      });
    }),
  );
}
