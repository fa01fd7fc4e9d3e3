import { Filter, type Hit } from '../src/filters/filter.js';
import type { Expression, FilterDefinition } from '../src/model/definition.js';
import { Prefix } from '../src/model/prefix.js';
import type { Oracle } from './fail2ban.js';

/** A line, and when it is read. */
export type Read = readonly [seconds: number, line: string];

/** A filter, and the lines that it sees one after the other. */
export interface Trial {
  readonly definition: FilterDefinition;
  readonly usedns?: Usedns;
  readonly lines: readonly Read[];
}

export type Usedns = 'yes' | 'warn' | 'no' | 'raw';

/** A failure that one of both sides finds. */
interface Failure {
  readonly regex: number;
  readonly id: string;
  /** Seconds since the epoch; null where nobody knows. */
  readonly time: number | null;
  /** How many lines count. */
  readonly matches: number;
  readonly users: readonly string[];
  readonly groups: Readonly<Record<string, string>>;
}

export interface Difference {
  readonly line: string;
  /** Its index. */
  readonly at: number;
  readonly ours: readonly Failure[];
  readonly theirs: readonly Failure[];
}

export interface Outcome {
  readonly differences: readonly Difference[];
  readonly failures: number;
}

const ZONE = 'Europe/Zurich';

/** Lets dropset and fail2ban judge the same lines. */
export async function compareFilter(oracle: Oracle, trial: Trial): Promise<Outcome> {
  const theirs = await askedFor(oracle, trial);
  const ours = foundBy(trial);
  const differences = trial.lines.flatMap(([, line], at): Difference[] => {
    const both = {
      ours: ours[at] as Failure[],
      theirs: (theirs[at] as Failure[]).map((failure) => normal(bare(failure, trial))),
    };
    return JSON.stringify(both.ours) === JSON.stringify(both.theirs) ? [] : [{ line, at, ...both }];
  });
  return { differences, failures: theirs.flat().length };
}

/** fail2ban keeps the brackets of an IPv6 address where names are raw; nothing can be dropped by such an id. */
const bare = (failure: Failure, { usedns }: Trial): Failure =>
  usedns === 'raw' ? { ...failure, id: failure.id.replace(/^\[(.+)\]$/, '$1') } : failure;

async function askedFor(oracle: Oracle, { definition, usedns, lines }: Trial): Promise<Failure[][]> {
  const texts = (expressions: readonly Expression[]): string[] => expressions.map(({ text }) => text);
  const { prefregex, failregex, ignoreregex, datepattern, maxlines } = definition;
  const options = {
    prefregex: prefregex?.text,
    failregex: texts(failregex),
    ignoreregex: texts(ignoreregex),
    datepattern,
    maxlines,
  };
  const now = lines[0]?.[0] ?? 0;
  const answer = (await oracle.ask({ options, usedns, now, zone: ZONE, lines })) as {
    found?: Failure[][];
    error?: string;
  };
  if (!answer.found) throw new Error(answer.error);
  return answer.found;
}

function foundBy({ definition, usedns = 'warn', lines }: Trial): Failure[][] {
  let now = (lines[0]?.[0] ?? 0) * 1000;
  const filter = new Filter(definition, { now: () => now, zone: ZONE, resolvesNames: usedns !== 'no' });
  return lines.map(([seconds, line]) => {
    now = seconds * 1000;
    return filter.match(line, /^[\0-\x7f]*$/.test(line)).flatMap((hit) => failureOf(hit, usedns));
  });
}

/** Nothing while it is not known who failed. Where names are resolved, the oracle answers `dns:NAME`. */
function failureOf({ regex, identity, time, finding }: Hit, usedns: Usedns): Failure[] {
  if (!identity || (identity.isName && usedns === 'no')) return [];
  const id = identity.isName && usedns !== 'raw' ? `dns:${identity.text}` : identity.text;
  const { users, matches, groups } = finding;
  const known = { time: time === undefined ? null : time / 1000, users: [...(users ?? [])], groups: told(groups) };
  return [normal({ regex, id, matches: matches.length, ...known })];
}

const told = (groups: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** What prefregex cut out is no group of a failure, and an id is compared by itself. */
const UNTOLD = /^(?:content|fid)$/;

function normal({ regex, id, time, matches, users, groups }: Failure): Failure {
  const kept = Object.entries(groups).filter(([name]) => !UNTOLD.test(name));
  return {
    regex,
    // An IPv6 address may be written in several ways.
    id: Prefix.tryParse(id)?.text ?? id,
    time,
    matches,
    users: [...users].sort(),
    groups: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
