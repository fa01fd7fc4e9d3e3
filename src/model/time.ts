import { DropsetError } from './errors.js';

const SHAPE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Reads a time of ISO 8601: `2026-01-31T12:00:00Z`, with a fraction and an offset (`+02:00`) if need be, or a day alone, which begins
 * in UTC.
 *
 * @returns milliseconds since the epoch. @throws DropsetError `request`
 */
export function parseTime(text: string): number {
  const time = SHAPE.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  throw new DropsetError('request', `${JSON.stringify(shown)} is no time; write 2026-01-31T12:00:00Z`);
}

/** The time as ISO 8601 in UTC; null for never. */
export const formatTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
