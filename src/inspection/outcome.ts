import type { Hit } from '../filters/filter.js';
import type { Sought } from './stopwatch.js';

/**
 * What became of a line:
 * - `matched`: somebody failed.
 * - `pending`: somebody failed, and who is for a later line of the session to tell.
 * - `ignored`: ignoreregex took it back, or it says that nothing failed (`<F-NOFAIL>`).
 * - `missed`: no failregex matched.
 */
export type Verdict = 'matched' | 'pending' | 'ignored' | 'missed';

/** A line, judged. */
export interface Outcome {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly verdict: Verdict;
  /** Each failregex that hit, those that blame nobody included. */
  readonly hits: readonly Catch[];
  /** The number of the ignoreregex that took the line back, from 0. */
  readonly ignoredBy?: number;
  /** What ran out of its time on the line. */
  readonly overran?: Sought;
}

/** What a failregex has caught, as it was at that line. */
export interface Catch {
  /** Number of the failregex, from 0. */
  readonly regex: number;
  readonly kind: 'failure' | 'pending' | 'harmless';
  /** Whom it blames, as fail2ban prints it; undefined while nobody knows. */
  readonly id: string | undefined;
  /** Whether the id is a host's name. */
  readonly isName: boolean;
  /** Milliseconds since the epoch; undefined where no line says. */
  readonly time: number | undefined;
  /** Those that took part. */
  readonly groups: Readonly<Record<string, string>>;
  /** Lines of the log that the match spans; of a filter that looks at several at once. */
  readonly lines: number;
}

/** Groups that say that nothing failed. */
const HARMLESS: ReadonlySet<string> = new Set(['nofail', 'mlfgained']);

/** @param spans whether one match may span several lines (`maxlines`). */
export function catchOf({ regex, identity, time, finding }: Hit, spans: boolean): Catch {
  const kind = finding.isNoFailure ? 'harmless' : identity ? 'failure' : 'pending';
  const groups = Object.entries(finding.groups).filter(
    // A line that counts after all is not said to be harmless: fail2ban takes these out too.
    (entry): entry is [string, string] => entry[1] !== undefined && (kind === 'harmless' || !HARMLESS.has(entry[0])),
  );
  return {
    regex,
    kind,
    id: identity?.text,
    isName: identity?.isName === true,
    time,
    groups: Object.fromEntries(groups),
    // A session's finding has the lines of the whole session.
    lines: spans && finding.groups.mlfid === undefined ? finding.matches.length : 1,
  };
}

/** As fail2ban-regex has it: where several failregexes hit, one that says that nothing failed outweighs the others. */
export function verdictOf(hits: readonly Catch[], isIgnored: boolean): Verdict {
  const has = (kind: Catch['kind']): boolean => hits.some((hit) => hit.kind === kind);
  if (isIgnored || has('harmless')) return 'ignored';
  if (has('failure')) return 'matched';
  return has('pending') ? 'pending' : 'missed';
}

/** A line as programs read it: `{"line": 1, "matches": [{"regex": 0, "id": "192.0.2.1", "time": 1124013600.5, "groups": {}}]}`. */
export interface OutcomeRecord {
  readonly line: number;
  /** Failures alone; time in seconds, null where no line says. */
  readonly matches: readonly {
    readonly regex: number;
    readonly id: string;
    readonly time: number | null;
    readonly groups: Readonly<Record<string, string>>;
  }[];
}

export function recordOf({ line, hits }: Outcome): OutcomeRecord {
  const matches = hits.flatMap(({ kind, regex, id, time, groups }) =>
    kind === 'failure' && id !== undefined
      ? [{ regex, id, time: time === undefined ? null : time / 1000, groups }]
      : [],
  );
  return { line, matches };
}
