import type { ListFilter } from '../control/api.js';
import { parseDuration } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { formatTime, parseTime } from '../model/time.js';
import { type Invocation, UsageError } from './command.js';

/** Of commands that list bans. */
export const FILTER_OPTIONS = {
  jail: { type: 'string' },
  prefix: { type: 'string' },
  since: { type: 'string' },
} as const;

export const FILTER_HELP = `  --jail NAME     bans of this jail alone; manual is for those by hand
  --prefix PREFIX bans that cover this address or prefix, and those that it covers
  --since TIME    bans that began within this time (1h, 7d), or since then (2026-01-31, 2026-01-31T12:00:00Z)`;

/** @param now milliseconds since the epoch. @throws UsageError */
export function filterOf({ options }: Pick<Invocation, 'options'>, now: number): ListFilter {
  const { jail, prefix, since } = options as Partial<Record<keyof ListFilter, string>>;
  return {
    ...(jail !== undefined && { jail }),
    ...(prefix !== undefined && { prefix }),
    ...(since !== undefined && { since: formatTime(timeOption('since', since, now)) as string }),
  };
}

/** A time, or a span before `now`, in milliseconds since the epoch. @param name of the option. @throws UsageError */
export function timeOption(name: string, text: string, now: number): number {
  try {
    return /^\d{4}-/.test(text) ? parseTime(text) : now - (parseDuration(text) ?? now);
  } catch (thrown) {
    if (thrown instanceof DropsetError) throw new UsageError(`--${name}: ${thrown.message}`);
    throw thrown;
  }
}
