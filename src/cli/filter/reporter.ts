import type { Log } from '../../inspection/log.js';
import { addressesOf } from '../../inspection/names.js';
import type { Outcome } from '../../inspection/outcome.js';
import { Tally } from '../../inspection/tally.js';
import type { Trial } from '../../inspection/trial.js';
import { printable } from '../../model/printable.js';
import type { Invocation } from '../command.js';
import { styleOf } from '../style.js';
import { addressLines, dateLines, expressionLines, type Results, remarkLines, totalLines } from './results.js';
import { numberOf, usednsOf } from './trial-options.js';

/** Missed lines that are shown at the end, and addresses, where nobody says how many. */
const SHOWN = 20;

/** What `filter test` says to people: lines as they come, where they are asked for, and the results at the end. */
export class Reporter {
  readonly #options: Invocation['options'];
  readonly #results: Results;
  readonly #log: Log;
  readonly #top: number;
  readonly #looksUp: boolean;
  readonly #now: () => number;
  readonly #began: number;
  readonly #missed: Outcome[] = [];

  /** @param now milliseconds of a clock that only goes forward. @throws UsageError */
  constructor(invocation: Invocation, trial: Trial, log: Log, now: () => number) {
    const { options } = invocation;
    this.#options = options;
    this.#results = { trial, tally: new Tally(trial.filter.definition.maxlines), style: styleOf(invocation) };
    this.#log = log;
    this.#top = numberOf(options, 'top', 0, 100_000) ?? SHOWN;
    this.#looksUp = ['yes', 'warn'].includes(usednsOf(options));
    this.#now = now;
    this.#began = now();
  }

  get lines(): number {
    return this.#results.tally.lines;
  }

  get matched(): number {
    return this.#results.tally.verdicts.matched;
  }

  /** What is to be printed of these lines. */
  take(outcomes: readonly Outcome[]): string {
    const { tally } = this.#results;
    return outcomes
      .flatMap((outcome) => tally.add(outcome))
      .map((outcome) => this.#line(outcome))
      .join('');
  }

  /** What is to be printed when no line follows. */
  async end(): Promise<string> {
    const { trial, tally } = this.#results;
    const last = tally.end().map((outcome) => this.#line(outcome));
    const seconds = (this.#now() - this.#began) / 1000;
    const { name, origin } = trial.filter.definition;
    const blocks = [
      [`Filter  ${printable(name)} (${printable(origin)})`, `Log     ${printable(this.#log.name)}`],
      expressionLines(this.#results),
      dateLines(this.#results),
      addressLines(this.#results, this.#top, await this.#addresses()),
      remarkLines(this.#results),
      this.#missedLines(),
      totalLines(this.#results, seconds),
    ];
    const written = blocks.filter((lines) => lines.length > 0).map((lines) => `${lines.join('\n')}\n`);
    return last.join('') + written.join('\n');
  }

  #line({ verdict, line, text, hits }: Outcome): string {
    if (this.#options[`print-${verdict}`]) {
      const ids = new Set(hits.flatMap(({ kind, id }) => (kind === 'failure' && id !== undefined ? [id] : [])));
      const blamed = ids.size > 0 ? ` [${printable([...ids].join(' '))}]` : '';
      return `${verdict} ${line}${blamed}: ${printable(text)}\n`;
    }
    if (verdict === 'missed' && this.#missed.length < SHOWN) {
      this.#missed.push({ verdict, line, text, hits: [] });
    }
    return '';
  }

  async #addresses(): Promise<ReadonlyMap<string, readonly string[]>> {
    const names = this.#looksUp ? this.#results.tally.most(this.#top).filter(({ isName }) => isName) : [];
    return addressesOf(names.slice(0, SHOWN).map(({ id }) => id));
  }

  #missedLines(): string[] {
    const { tally, style } = this.#results;
    const { missed } = tally.verdicts;
    if (this.#missed.length === 0) return [];
    const more = missed > this.#missed.length ? `, the first ${this.#missed.length}; --print-missed prints all` : '';
    const lines = this.#missed.map(({ line, text }) => `${line}: ${printable(text)}`);
    return [style.strong(`MISSED (${missed}${more})`), ...lines];
  }
}
