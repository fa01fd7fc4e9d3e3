import { parseDuration } from '../model/duration.js';
import type { StreamTerms } from './api.js';

/** Bans that end together; what they cost when they end is a few milliseconds. */
const TOGETHER = 5_000;

/** How much later a ban may end than was asked: a part of its time, and never more than that many milliseconds. */
const SHARE = 0.05;
const MOST = 3_600_000;

/** The golden ratio's fraction: its multiples are spread evenly, however many there are. */
const STEP = 0.618_033_988_75;

/**
 * By how many milliseconds each ban of a list ends later than `for` says, so that a million of them do not end in one second. The first
 * 5,000 end when they should, none ends earlier, and those that stand together in the list end together.
 *
 * @returns told how many came before.
 */
export function spreadOf(terms: StreamTerms): (before: number) => number {
  const duration = terms.for === undefined || terms.exact !== undefined ? null : parseDuration(terms.for);
  if (duration === null) return () => 0;
  const room = Math.min(MOST, duration * SHARE);
  return (before) => Math.floor(room * ((Math.floor(before / TOGETHER) * STEP) % 1));
}
