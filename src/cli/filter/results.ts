import { basename } from 'node:path';
import { findingsOf, labelOf, placeOf } from '../../inspection/findings.js';
import type { Sought } from '../../inspection/stopwatch.js';
import type { Tally } from '../../inspection/tally.js';
import { LINE_BUDGET, MOST_OVERRUNS, type Trial } from '../../inspection/trial.js';
import { printable } from '../../model/printable.js';
import type { Style } from '../style.js';
import { table } from '../table.js';

/** Characters of an expression that are shown. */
const LONGEST = 100;

type Compiled = Exclude<Sought, 'date'>;

/** Notes that are shown; more would hide what matters. */
const NOTES = 3;

/** What a trial has come to, dressed for people. */
export interface Results {
  readonly trial: Trial;
  readonly tally: Tally;
  readonly style: Style;
}

function expressionsOf({ filter: { expressions } }: Trial): Compiled[] {
  const { prefregex, failregex, ignoreregex } = expressions;
  return [...(prefregex ? [prefregex] : []), ...failregex, ...ignoreregex];
}

/** The expressions with their hits and costs, and the search for dates. */
export function expressionLines({ trial, tally, style }: Results): string[] {
  const cost = (sought: Sought): string[] => {
    const { total, worst } = trial.stopwatch.costOf(sought);
    return [`${(total / 1000).toFixed(3)} s`, `${worst.toFixed(2)} ms`];
  };
  const dated = trial.filter.detector.templates.reduce((sum, { hits }) => sum + hits, 0);
  const rows = [
    ['EXPRESSION', 'HITS', 'TIME', 'WORST LINE', 'WHERE', ''],
    ['date', `${dated}`, ...cost('date'), '', ''],
    ...expressionsOf(trial).map((one) => [
      labelOf(one),
      `${hitsOf(one, trial, tally)}`,
      ...cost(one),
      whereOf(one),
      shortened(printable(one.expression.text)),
    ]),
  ];
  const lines = table(rows, ['left', 'right', 'right', 'right']).map((line) => line.trimEnd());
  return lines.map((line, row) => {
    if (row === 0) return style.strong(line);
    return rows[row]?.[1] === '0' ? style.faint(line) : style.good(line);
  });
}

function hitsOf({ role, index }: Compiled, trial: Trial, tally: Tally): number {
  if (role === 'prefregex') return trial.stopwatch.prefixed;
  return (role === 'failregex' ? tally.hits : tally.ignoring)[index] ?? 0;
}

/** The name of the file is enough: the filter's path stands above. What stands for a path is shown whole. */
const whereOf = (one: Compiled): string => (placeOf(one).startsWith('jail ') ? placeOf(one) : basename(placeOf(one)));

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** The templates that found dates, the busiest first. */
export function dateLines({ trial, style }: Results): string[] {
  const used = trial.filter.detector.templates.filter(({ hits }) => hits > 0).sort((a, b) => b.hits - a.hits);
  if (used.length === 0) return [];
  const rows = used.map(({ hits, name }) => [`${hits}`, printable(name)]);
  return [style.strong('DATES'), ...table(rows, ['right'])];
}

/**
 * Who is blamed, the most first.
 *
 * @param addresses of names that have been looked up.
 */
export function addressLines(
  { tally, style }: Results,
  top: number,
  addresses: ReadonlyMap<string, readonly string[]>,
): string[] {
  const { ids, uncounted } = tally;
  if (ids === 0) return [];
  const most = tally.most(top);
  const rows = most.map(({ id, count }) => {
    const found = addresses.get(id);
    return [`${count}`, printable(id) + (found ? ` (${found.join(', ') || 'no address'})` : '')];
  });
  const head = `ADDRESSES (${ids}${most.length < ids ? `, the first ${most.length}` : ''})`;
  const rest = uncounted > 0 ? [`${uncounted} failures of addresses that came later are not counted apart`] : [];
  return [style.strong(head), ...table(rows, ['right']), ...rest];
}

/** What an operator should know of the expressions, and what ran out of its time. */
export function remarkLines({ trial, style }: Results): string[] {
  const isMultiline = trial.filter.definition.maxlines > 1;
  const findings = expressionsOf(trial).flatMap((one) => findingsOf(one, isMultiline));
  const notes = findings.filter(({ severity }) => severity === 'note');
  const shown = notes.length > NOTES ? findings.filter((one) => !notes.includes(one)) : findings;
  const rest = shown.length < findings.length ? [`${notes.length} notes: see dropset filter check`] : [];
  const overruns = [...trial.overruns].map(([sought, count]) => {
    const what = sought === 'date' ? 'the date pattern' : labelOf(sought);
    const end = count >= MOST_OVERRUNS ? ', and was tried no more' : '';
    return `${what} ran out of its time (${LINE_BUDGET} ms) on ${count} line${count === 1 ? '' : 's'}${end}`;
  });
  return [
    ...shown.map(({ severity, sentence }) => style.doubtful(`${severity}: ${sentence}`)),
    ...rest,
    ...overruns.map(style.bad),
  ];
}

/** @param seconds that it took. */
export function totalLines({ tally, style }: Results, seconds: number): string[] {
  const { matched, missed, ignored, pending } = tally.verdicts;
  const rate = Math.round(tally.lines / Math.max(seconds, 0.001));
  const paint = matched > 0 ? style.good : style.bad;
  const counts = `${paint(`${matched} matched`)}, ${missed} missed, ${ignored} ignored, ${pending} pending`;
  return [`${tally.lines} line${tally.lines === 1 ? '' : 's'}: ${counts}`, `${seconds.toFixed(2)} s, ${rate} lines/s`];
}
