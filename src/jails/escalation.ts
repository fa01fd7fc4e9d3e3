import type { Escalation, Growth } from '../model/escalation.js';
import { isOfList } from '../model/list-source.js';
import { MANUAL } from '../model/street.js';

/** Longer than anybody waits: no ban grows beyond it unless it has no end. */
const LONGEST = 100 * 365.25 * 86_400_000;

/** Bans of one jail that are remembered of an address. */
export interface Earlier {
  readonly jail: string;
  readonly bans: number;
  /** When the first and the last of them began. */
  readonly first: number;
  readonly last: number;
}

/**
 * Which return this is, 0 for none: the bans before, less one for each span of `decay` since the first of them. Bans by hand and of lists do not count.
 *
 * What happened between the first and the last is not remembered, so that a span of good behaviour before a row of bans counts as much as
 * one behind it: rather a step too few than one too many.
 *
 * @param since when the ban begins that is being decided. What is remembered may include this very one, when it is told twice.
 */
export function stepOf(
  earlier: readonly Earlier[],
  { across, decay }: Escalation,
  { jail, since }: { readonly jail: string; readonly since: number },
): number {
  const counting = earlier.filter((past) =>
    across ? past.jail !== MANUAL && !isOfList(past.jail) : past.jail === jail,
  );
  const bans = counting.reduce((sum, past) => sum + past.bans, 0);
  const again = counting.some((past) => past.jail === jail && past.last === since) ? 1 : 0;
  if (decay === undefined) return bans - again;
  const first = counting.reduce((least, past) => Math.min(least, past.first), since);
  return Math.max(0, bans - again - Math.floor(Math.max(0, since - first) / decay));
}

/**
 * How long a ban is at a step, in milliseconds; null for ever.
 *
 * @param random from 0 to 1, as Math.random.
 */
export function grown(
  bantime: number | null,
  step: number,
  escalation: Escalation,
  random: () => number,
): number | null {
  const time = planned(bantime, step, escalation.growth);
  if (time === null) return null;
  const { max = LONGEST, random: share, rndtime = 0 } = escalation;
  const capped = Math.min(time, Math.max(max, step === 0 ? time : 0), LONGEST);
  return Math.round(step === 0 ? capped : capped + random() * (capped * share + rndtime));
}

function planned(bantime: number | null, step: number, growth: Growth): number | null {
  if (growth.kind === 'durations') return nth(growth.durations, step);
  if (bantime === null) return null;
  if (growth.kind === 'multipliers') return bantime * nth(growth.multipliers, step);
  return step === 0 ? bantime : bantime * growth.scale * growth.factor ** step;
}

const nth = <T>(list: readonly T[], step: number): T => list[Math.min(step, list.length - 1)] as T;
