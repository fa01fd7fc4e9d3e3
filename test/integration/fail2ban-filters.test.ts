import { readdirSync } from 'node:fs';
import t from 'tap';
import type { Logtype } from '../../src/fail2ban/filter.js';
import { CONFIGURATION } from '../fail2ban-configuration.js';
import { compareFilters, type Question } from '../fail2ban-filters.js';

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

t.test('every filter of fail2ban, in every mode and log type, as fail2ban reads it', async (t) => {
  t.ok(FILTERS.length > 80);
  const comparisons = await compareFilters(questions);
  t.same(
    comparisons.filter(({ same }) => !same),
    [],
  );
  const refused = comparisons.filter((comparison) => comparison.refused).map(({ question }) => question.filter);
  t.same([...new Set(refused)], ['selinux-common'], 'a part that stands for nothing alone');
  t.comment(`${comparisons.length} readings, ${refused.length} refused by both`);
});
