import { DropsetError } from './errors.js';

/** The longest duration that is accepted: a hundred years. Longer ones are what `never` is for. */
export const LONGEST = 100 * 365 * 86_400_000;

const UNITS: readonly [RegExp, number][] = [
  [/^(?:ms|milliseconds?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:w|weeks?)$/, 7 * 86_400_000],
];

const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gy;

const unitOf = (word: string): number | undefined => UNITS.find(([pattern]) => pattern.test(word))?.[1];

function sumOfParts(text: string): number | undefined {
  let total = 0;
  let end = 0;
  for (const part of text.matchAll(PART)) {
    const unit = unitOf(part[2] as string);
    if (unit === undefined) return undefined;
    total += Number(part[1]) * unit;
    end = part.index + part[0].length;
  }
  return end === text.length ? total : undefined;
}

/**
 * Reads a duration as people write it: `90`, `10m`, `1h 30m`, `2 days` (a bare number is seconds, as in fail2ban),
 * or `never`, `forever`, `permanent` and `-1` for one without an end.
 *
 * @returns whole milliseconds, or null for never.
 * @throws DropsetError `duration`, for anything else, for zero and for more than a hundred years.
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed.length > 64) throw new DropsetError('duration', 'a duration has at most 64 characters');
  if (/^(?:never|forever|permanent|-1)$/.test(trimmed)) return null;
  const milliseconds = /^\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) * 1000 : sumOfParts(trimmed);
  if (milliseconds === undefined || trimmed === '') {
    throw new DropsetError('duration', `'${text}' is no duration; write 90 (seconds), 10m, 1h 30m, 7d or never`);
  }
  if (milliseconds < 1) throw new DropsetError('duration', `'${text}' is no time at all; write at least 1s, or never`);
  if (milliseconds > LONGEST) throw new DropsetError('duration', `'${text}' is longer than 100 years; write never`);
  return Math.round(milliseconds);
}

const NAMES: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** Prints milliseconds as a person would say them, in at most two units: `1h 30m`, `45s`, `never` for null. */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null) return 'never';
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))}ms`;
  const parts: string[] = [];
  let rest = milliseconds;
  for (const [name, unit] of NAMES) {
    const count = Math.floor(rest / unit);
    if (count > 0) parts.push(`${count}${name}`);
    rest -= count * unit;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}
