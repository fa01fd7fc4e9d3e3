import type { JailConfig } from '../config/types.js';
import { DateDetector } from '../dates/detector.js';
import type { Clock } from '../model/clock.js';

/**
 * Says of a line whether it is too old for every jail that wants the lines of the last findtime only; undefined if no
 * detector of theirs finds a date in it. To say so too seldom costs time, and too often would lose lines: whoever finds it young wins.
 */
export function oldness(jails: readonly JailConfig[], now: Clock): (line: Buffer) => boolean | undefined {
  const since = jails.filter(({ sources }) =>
    sources.some((source) => source.kind === 'file' && source.start === 'since'),
  );
  const findtime = Math.max(0, ...since.map((jail) => jail.findtime));
  const detectors = distinct(since).map(({ filter: { datepattern }, timezone }) =>
    detectorOf(datepattern, timezone, now),
  );
  return (line) => {
    const text = line.toString('utf8', 0, 1_000);
    const times = detectors.flatMap((detector) => detector.match(text)?.time() ?? []);
    return times.length === 0 ? undefined : times.every((time) => time < now() - findtime);
  };
}

function distinct(jails: readonly JailConfig[]): readonly JailConfig[] {
  const keyOf = ({ filter, timezone }: JailConfig): string => JSON.stringify([filter.datepattern, timezone]);
  return [...new Map(jails.map((jail) => [keyOf(jail), jail])).values()];
}

const detectorOf = (datepattern: string | undefined, timezone: string | undefined, now: Clock): DateDetector =>
  new DateDetector({
    now,
    ...(datepattern !== undefined && { datepattern }),
    ...(timezone !== undefined && { timezone }),
  });
