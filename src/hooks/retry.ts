/** Milliseconds: the first wait, which doubles up to the longest; and the longest that the other side may ask for. */
const FIRST = 1_000;
const LONGEST = 300_000;
const LONGEST_ASKED = 3_600_000;

/**
 * Milliseconds to wait before the next try: exponential, half of it by chance, so that many hosts whose webhook was away do not come
 * back at once.
 *
 * @param tries that have failed, from 1. @param random from 0 to 1. @param asked what the other side asked for.
 */
export function waitBefore(tries: number, random: number, asked = 0): number {
  const whole = Math.min(LONGEST, FIRST * 2 ** (tries - 1));
  return Math.max(asked, whole / 2 + (random * whole) / 2);
}

/** What a header Retry-After asks for (RFC 9110, 10.2.3): seconds or a date, in milliseconds from `now`, an hour at most. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_ASKED, Math.max(0, wait));
}
