import type { EnterTerms, GivenBan } from '../control/api.js';
import { parseDuration } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { jailOfList } from '../model/list-source.js';
import { Prefix } from '../model/prefix.js';
import { Scope } from '../model/scope.js';
import { type Ban, MANUAL } from '../model/street.js';
import { parseTime } from '../model/time.js';

/** As the name of a section [jail.NAME]; `manual` is one. */
const JAIL = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Under what a group of bans is given. */
export interface Giving {
  /** Goes before what the bans themselves say. */
  readonly wanted: EnterTerms;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds that bans end later than the duration in `wanted` says; none where absent. */
  readonly late?: number;
  /** Why a prefix must never be banned, or undefined. */
  readonly refusal: (prefix: Prefix) => string | undefined;
  /** What a ban would cut, or undefined. */
  readonly lockout?: (prefix: Prefix) => string | undefined;
}

/** Makes a ban of what is given, or answers why it is none. @throws DropsetError `duration`, `scope` if what is wanted of all is none. */
export function readerOf({ wanted, now, late = 0, refusal, lockout }: Giving): (given: GivenBan) => Ban | DropsetError {
  const duration = wanted.for === undefined ? undefined : parseDuration(wanted.for);
  const wantedScope = wanted.scope === undefined ? undefined : Scope.parse(wanted.scope);
  const scopeOf = (given: string | undefined): Scope | undefined => {
    if (wanted.scope !== undefined) return wantedScope;
    return given === undefined ? undefined : Scope.parse(given);
  };
  const jail = wanted.source === undefined ? undefined : jailOfList(wanted.source);
  const end = (given: string | null | undefined): number | null => {
    if (duration !== undefined) return duration === null ? null : now + duration + late;
    return given == null ? null : parseTime(given);
  };
  return (given) => {
    const prefix = Prefix.tryParse(given.address);
    if (!prefix) return notAnAddress(given.address);
    const why = refusal(prefix);
    if (why !== undefined) return new DropsetError('never', why);
    const cut = lockout?.(prefix);
    if (cut !== undefined) return new DropsetError('lockout', `${cut}; if that is meant, force it (--force)`);
    return refused(() => {
      const scope = scopeOf(given.scope);
      return {
        prefix,
        jail: jail ?? jailOf(given.jail),
        reason: wanted.reason ?? given.reason ?? '',
        // No ban begins later than it is made: a clock may have been wrong when the list was.
        since: given.since === undefined ? now : Math.min(now, parseTime(given.since)),
        until: end(given.until),
        ...(scope && { scope }),
      };
    });
  };
}

function refused(make: () => Ban): Ban | DropsetError {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof DropsetError) return thrown;
    throw thrown;
  }
}

function jailOf(name: string = MANUAL): string {
  if (JAIL.test(name)) return name;
  throw new DropsetError(
    'request',
    `${JSON.stringify(name.slice(0, 80))} is no name of a jail: write a letter or digit, then letters, digits, _ . or -, at most 64`,
  );
}

/** As `Prefix.parse` says it. */
export function notAnAddress(address: string): DropsetError {
  try {
    Prefix.parse(address);
  } catch (thrown) {
    if (thrown instanceof DropsetError) return thrown;
  }
  return new DropsetError('address', 'no address');
}
