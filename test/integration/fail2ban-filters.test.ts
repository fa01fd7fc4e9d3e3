import { readdirSync } from 'node:fs';
import t from 'tap';
import { type Logtype, loadFilter } from '../../src/fail2ban/filter.js';
import type { Expression, FilterDefinition } from '../../src/model/definition.js';
import { DropsetError } from '../../src/model/errors.js';
import { ask, CONFIGURATION } from '../fail2ban.js';

/** The options of a filter as fail2ban has them, all of them text but one. */
interface Options {
  readonly [option: string]: string | number;
}

interface Question {
  readonly filter: string;
  readonly directory: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly logtype: Logtype;
}

const FILTERS = readdirSync(`${CONFIGURATION}/filter.d`)
  .filter((name) => name.endsWith('.conf'))
  .map((name) => name.slice(0, -'.conf'.length));

const MODES = [
  undefined,
  'normal',
  'more',
  'ddos',
  'extra',
  'aggressive',
  'auth',
  'rbl',
  'errors',
  'fallback',
  'nonsense',
];

const LOGTYPES: readonly Logtype[] = ['file', 'journal', 'rfc5424', 'short'];

/** Parameters that a jail could hand over, sensible or not. */
const ODD: readonly Readonly<Record<string, string>>[] = [
  { _daemon: 'other(?:d|x)' },
  { failregex: '^%(x)s <HOST> <mode> <_daemon>$' },
  { datepattern: '%%Y', maxlines: '7', mode: 'aggressive' },
  { journalmatch: 'A=b\n\nC=d + E=f', ignoreregex: '<HOST>\n<known/maxlines>' },
  { __prefix_line: '<known/__prefix_line>|more', prefregex: '^<__prefix_line>' },
  { MODE: 'aggressive', logtype: '' },
];

const questions: Question[] = FILTERS.flatMap((filter) => [
  ...MODES.flatMap((mode) =>
    LOGTYPES.map((logtype) => ({
      filter,
      directory: CONFIGURATION,
      logtype,
      parameters: mode === undefined ? {} : { mode },
    })),
  ),
  ...ODD.map((parameters) => ({ filter, directory: CONFIGURATION, logtype: 'file' as const, parameters })),
]);

const lines = (text: string | number | undefined): string[] =>
  `${text ?? ''}`.split('\n').filter((line) => line !== '');

/** What fail2ban's options mean, in the shape of ours. */
const expected = (options: Options): object => ({
  prefregex: options.prefregex || undefined,
  failregex: lines(options.failregex),
  ignoreregex: lines(options.ignoreregex),
  datepattern: options.datepattern,
  maxlines: options.maxlines ?? 1,
  journalmatch: lines(options.journalmatch),
  usedns: options.usedns,
});

const texts = (expressions: readonly Expression[]): string[] => expressions.map(({ text }) => text);

const seen = (definition: FilterDefinition): object => ({
  prefregex: definition.prefregex?.text,
  failregex: texts(definition.failregex),
  ignoreregex: texts(definition.ignoreregex),
  datepattern: definition.datepattern,
  maxlines: definition.maxlines,
  journalmatch: definition.journalmatch,
  usedns: definition.usedns,
});

function loaded({ filter, directory, parameters, logtype }: Question): object {
  try {
    return seen(loadFilter(filter, { directories: [`${directory}/filter.d`], parameters, logtype, isPart: true }));
  } catch (thrown) {
    if (thrown instanceof DropsetError) return { error: thrown.message };
    throw thrown;
  }
}

t.test('every filter of fail2ban, in every mode and log type, as fail2ban reads it', async (t) => {
  t.ok(FILTERS.length > 80);
  const answers = ask<Options>(questions);
  const differences = questions.flatMap((question, index) => {
    const answer = answers[index] as Options | { error: string };
    const ours = loaded(question);
    const theirs = 'error' in answer ? answer : expected(answer);
    const same = 'error' in answer ? 'error' in ours : JSON.stringify(ours) === JSON.stringify(theirs);
    return same ? [] : [{ question, ours, theirs }];
  });
  t.same(differences, []);
  t.comment(`${questions.length} readings, ${answers.filter((answer) => 'error' in answer).length} refused by both`);
});
