import { basename } from 'node:path';
import type { Compiled } from '../../filters/compiled.js';
import { findingsOf, labelOf, placeOf } from '../../inspection/findings.js';
import type { Log } from '../../inspection/log.js';
import { addressesOf } from '../../inspection/names.js';
import type { Outcome } from '../../inspection/outcome.js';
import type { Sought } from '../../inspection/stopwatch.js';
import { Tally } from '../../inspection/tally.js';
import { LINE_BUDGET, MOST_OVERRUNS, type Trial } from '../../inspection/trial.js';
import { printable } from '../../model/printable.js';
import type { Invocation } from '../command.js';
import { type Style, styleOf } from '../style.js';
import { table } from '../table.js';
import { numberOf, usednsOf } from './trial-options.js';

/** Missed lines that are shown at the end, and addresses, where nobody says how many. */
const SHOWN = 20;

/** Characters of an expression that are shown. */
const EXPRESSION = 100;

/** What `filter test` says to people: lines as they come, where they are asked for, and the results at the end. */
export class Reporter {
  readonly #options: Invocation['options'];
  readonly #style: Style;
  readonly #trial: Trial;
  readonly #log: Log;
  readonly #tally: Tally;
  readonly #began = performance.now();
  readonly #top: number;
  readonly #usedns: string;
  readonly #missed: Outcome[] = [];

  constructor(invocation: Invocation, trial: Trial, log: Log) {
    this.#options = invocation.options;
    this.#style = styleOf(invocation);
    this.#trial = trial;
    this.#log = log;
    this.#tally = new Tally(trial.filter.definition.maxlines);
    this.#top = numberOf(invocation.options, 'top', 0, 100_000) ?? SHOWN;
    this.#usedns = usednsOf(invocation.options);
  }

  get lines(): number {
    return this.#tally.lines;
  }

  get matched(): number {
    return this.#tally.verdicts.matched;
  }

  /** What is to be printed of these lines. */
  take(outcomes: readonly Outcome[]): string {
    return outcomes
      .flatMap((outcome) => this.#tally.add(outcome))
      .map((outcome) => this.#line(outcome))
      .join('');
  }

  /** What is to be printed when no line follows. */
  async end(): Promise<string> {
    const last = this.#tally
      .end()
      .map((outcome) => this.#line(outcome))
      .join('');
    const seconds = (performance.now() - this.#began) / 1000;
    const { definition } = this.#trial.filter;
    const parts = [
      [`Filter  ${definition.name} (${definition.origin})`, `Log     ${printable(this.#log.name)}`],
      this.#expressions(),
      this.#dates(),
      await this.#addresses(),
      this.#remarks(),
      this.#missedLines(),
      this.#totals(seconds),
    ];
    const blocks = parts.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`);
    return `${last}${last === '' ? '' : '\n'}${blocks.join('\n')}`;
  }

  #line(outcome: Outcome): string {
    const { verdict, line, text, hits } = outcome;
    if (this.#options[`print-${verdict}`]) {
      const ids = hits.flatMap(({ kind, id }) => (kind === 'failure' && id !== undefined ? [id] : []));
      const blamed = ids.length > 0 ? ` [${printable([...new Set(ids)].join(' '))}]` : '';
      return `${verdict.padEnd(7)} ${line}${blamed}: ${printable(text)}\n`;
    }
    if (verdict === 'missed' && this.#missed.length < SHOWN) this.#missed.push(outcome);
    return '';
  }

  #expressions(): string[] {
    const { prefregex, failregex, ignoreregex } = this.#trial.filter.expressions;
    const hits = ({ role, index }: Compiled): number => {
      if (role === 'prefregex') return this.#trial.stopwatch.prefixed;
      return (role === 'failregex' ? this.#tally.hits : this.#tally.ignoring)[index] ?? 0;
    };
    const dated = this.#trial.filter.detector.templates.reduce((sum, template) => sum + template.hits, 0);
    const rows = [...(prefregex ? [prefregex] : []), ...failregex, ...ignoreregex].map((one) => [
      labelOf(one),
      `${hits(one)}`,
      ...this.#cost(one),
      whereOf(one),
      shortened(printable(one.expression.text)),
    ]);
    const all = [
      ['EXPRESSION', 'HITS', 'TIME', 'WORST LINE', 'WHERE', ''],
      ['date', `${dated}`, ...this.#cost('date'), '', ''],
      ...rows,
    ];
    const { strong, faint, good } = this.#style;
    return table(all, ['left', 'right', 'right', 'right']).map((line, row) => {
      if (row === 0) return strong(line.trimEnd());
      return all[row]?.[1] === '0' ? faint(line.trimEnd()) : good(line.trimEnd());
    });
  }

  #cost(sought: Sought): [string, string] {
    const { total, worst } = this.#trial.stopwatch.costOf(sought);
    return [`${(total / 1000).toFixed(3)} s`, `${worst.toFixed(2)} ms`];
  }

  #dates(): string[] {
    const used = this.#trial.filter.detector.templates.filter(({ hits }) => hits > 0);
    const rows = used.sort((a, b) => b.hits - a.hits).map(({ hits, name }) => [`${hits}`, name]);
    return rows.length === 0 ? [] : [this.#style.strong('DATES'), ...table(rows, ['right'])];
  }

  async #addresses(): Promise<string[]> {
    const { ids, uncounted } = this.#tally;
    if (ids === 0) return [];
    const most = this.#tally.most(this.#top);
    const names = ['yes', 'warn'].includes(this.#usedns) ? most.filter(({ isName }) => isName) : [];
    const found = await addressesOf(names.map(({ id }) => id));
    const rows = most.map(({ id, count }) => {
      const addresses = found.get(id);
      return [`${count}`, printable(id) + (addresses ? ` (${addresses.join(', ') || 'no address'})` : '')];
    });
    const head = `ADDRESSES (${ids}${most.length < ids ? `, the first ${most.length}` : ''})`;
    const rest = uncounted > 0 ? [`${uncounted} failures of addresses that came later are not counted apart`] : [];
    return [this.#style.strong(head), ...table(rows, ['right']), ...rest];
  }

  #remarks(): string[] {
    const { expressions, definition } = this.#trial.filter;
    const { prefregex, failregex, ignoreregex } = expressions;
    const all = [...(prefregex ? [prefregex] : []), ...failregex, ...ignoreregex];
    const findings = all.flatMap((one) => findingsOf(one, definition.maxlines > 1));
    const remarks = findings.map(({ severity, sentence }) => this.#style.doubtful(`${severity}: ${sentence}`));
    const overruns = [...this.#trial.overruns].map(([sought, count]) => {
      const rest = count >= MOST_OVERRUNS ? ', and was tried no more' : '';
      const what = sought === 'date' ? 'the date pattern' : labelOf(sought);
      return this.#style.bad(
        `${what} ran out of its time (${LINE_BUDGET} ms) on ${count} line${count === 1 ? '' : 's'}${rest}`,
      );
    });
    return [...remarks, ...overruns];
  }

  #missedLines(): string[] {
    const { missed } = this.#tally.verdicts;
    if (this.#missed.length === 0) return [];
    const more = missed > this.#missed.length ? `, the first ${this.#missed.length}; --print-missed prints all` : '';
    const lines = this.#missed.map(({ line, text }) => `${line}: ${printable(text)}`);
    return [this.#style.strong(`MISSED (${missed}${more})`), ...lines];
  }

  #totals(seconds: number): string[] {
    const { lines, verdicts } = this.#tally;
    const { matched, missed, ignored, pending } = verdicts;
    const rate = Math.round(lines / Math.max(seconds, 0.001));
    const paint = matched > 0 ? this.#style.good : this.#style.bad;
    const counts = `${paint(`${matched} matched`)}, ${missed} missed, ${ignored} ignored, ${pending} pending`;
    return [`${lines} lines: ${counts}`, `${seconds.toFixed(2)} s, ${rate} lines/s`];
  }
}

const whereOf = (one: Compiled): string => (placeOf(one).includes('/') ? basename(placeOf(one)) : placeOf(one));

const shortened = (text: string): string => (text.length > EXPRESSION ? `${text.slice(0, EXPRESSION)}…` : text);
