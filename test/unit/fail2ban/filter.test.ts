import { join } from 'node:path';
import t from 'tap';
import { loadFilter } from '../../../src/fail2ban/filter.js';

const FILTERS = {
  'a.conf': '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = %(pre)s<HOST> <mode>\nmode = normal\n',
  'common.conf': '[DEFAULT]\npre = ^<p-<logtype>>\n[Definition]\np-file = f\np-journal = j\np-short = s\n',
  'empty.conf': '[Definition]\nfailregex =\n',
  'circle.conf': '[Definition]\nfailregex = <failregex>\n',
  'lost.conf': '[INCLUDES]\nbefore = gone.conf\n[Definition]\nfailregex = %(x)s\n',
};

t.test('a filter by name, with parameters and a log type', async (t) => {
  const directories = [t.testdir(FILTERS)];
  const text = (...[reference, options]: [string, object?]): string | undefined =>
    loadFilter(reference, { directories, ...options }).failregex[0]?.text;
  t.equal(text('a'), '^<p-<logtype>><HOST> normal');
  t.equal(text('a', { logtype: 'file' }), '^f<HOST> normal');
  t.equal(text('a[mode=more]', { logtype: 'journal' }), '^j<HOST> more');
  t.equal(text('a[mode=more, logtype=short]', { logtype: 'journal', parameters: { mode: 'most' } }), '^s<HOST> most');
});

t.test('what a definition tells of itself', async (t) => {
  const folder = t.testdir(FILTERS);
  const path = join(folder, 'a.conf');
  t.same(loadFilter(`${path}[mode=x]`, { directories: [] }), {
    name: `${path}[mode=x]`,
    origin: path,
    failregex: [{ text: '^<p-<logtype>><HOST> x', origin: path, line: 4 }],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
  });
});

t.test('no failregex', async (t) => {
  const directories = [t.testdir(FILTERS)];
  t.throws(() => loadFilter('empty', { directories }), {
    code: 'filter',
    message: `${directories[0]}/empty.conf: filter 'empty' has no failregex; it would find nothing`,
  });
  t.same(loadFilter('empty', { directories, isPart: true }).failregex, []);
});

t.test('faults are faults of a filter', async (t) => {
  const directories = [t.testdir(FILTERS)];
  const table: [string, RegExp][] = [
    ['b', /there is no filter 'b'/],
    ['a[x]', /^'a\[x\]': 'x' is not name=value$/],
    ['circle', /circle\.conf: option 'failregex' refers to itself/],
    ['lost', /lost\.conf:4: option 'failregex' .* defined nowhere \(an include is missing: .*gone\.conf\)$/],
  ];
  for (const [reference, message] of table) {
    t.throws(() => loadFilter(reference, { directories }), { code: 'filter', message }, reference);
  }
});

t.test("dropset's own filters", async (t) => {
  const { failregex } = loadFilter('sshd', { directories: ['src/filters/stock'] });
  t.ok(failregex.length > 5);
  t.notMatch(failregex.map(({ text }) => text).join(), /%\(/);
});
