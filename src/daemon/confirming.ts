import { formatDuration, parseDuration } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { type Ban, type BanVerdict, UNCONFIRMED, type UnbanVerdict } from '../model/street.js';
import type { Pending } from './confirmations.js';

/** The longest time that a ban may wait for. */
const LONGEST = 86_400_000;

/** Milliseconds. @throws DropsetError `duration` for no time, never, and more than a day. */
export function windowOf(text: string): number {
  const window = parseDuration(text);
  if (window !== null && window >= 1000 && window <= LONGEST) return window;
  throw new DropsetError('duration', `'${text}' is no time to confirm within: write 1s to ${formatDuration(LONGEST)}`);
}

/** The ban that stands until `deadline`, as one of another jail: a ban by hand that stands already goes on. */
export const unconfirmed = (ban: Ban, deadline: number): Ban => ({
  ...ban,
  jail: UNCONFIRMED,
  until: ban.until === null ? deadline : Math.min(ban.until, deadline),
});

/** What makes the bans stay: each as it was meant to be, and the others out of the way. */
export const confirmed = (pending: readonly Pending[]): (BanVerdict | UnbanVerdict)[] =>
  pending.flatMap(({ ban }): (BanVerdict | UnbanVerdict)[] => [
    { kind: 'ban', ban },
    { kind: 'unban', prefix: ban.prefix, jail: UNCONFIRMED },
  ]);
