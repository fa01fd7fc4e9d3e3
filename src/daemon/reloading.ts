import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import type { Protection } from './protection.js';
import type { Reading } from './reading.js';
import { Reload, type ReloadOptions } from './reload.js';
import { liftSince, type SpareOptions } from './spare.js';
import { Trial } from './trial.js';
import { TrialFile } from './trial-file.js';

/** What reloads are made with. */
export interface ReloadingParts extends Omit<ReloadOptions, 'trial' | 'liftSince'>, Pick<SpareOptions, 'enforcement'> {
  readonly protection: Pick<Protection, 'hold'>;
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'bansBehind'>;
  readonly read: Reading;
  /** The directory that remembers what nobody has confirmed; nothing does where absent. */
  readonly state: string | undefined;
  /** The service has started with the configuration before the file's. */
  readonly isUndone: boolean;
}

/** Reloads, with the trial that one of them may be. */
export function reloadOf(parts: ReloadingParts): Reload {
  const { protection, clock, state, isUndone, events, ledger, enforcement, read } = parts;
  const file = new TrialFile(state, (sentence) => events.problem(sentence));
  const hold = (isHeld: boolean): void => protection.hold(isHeld);
  // A ledger that cannot be read has nothing to lift later.
  const row = (): number => read((readable) => readable.range.last, Number.MAX_SAFE_INTEGER);
  const reload: Reload = new Reload({
    ...parts,
    trial: new Trial({ clock, file, hold, isUndone, row, over: () => reload.undo() }),
    liftSince: (jails, behind) => liftSince(jails, behind, { ledger, enforcement }),
  });
  return reload;
}
