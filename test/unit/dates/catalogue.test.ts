import t from 'tap';
import { Catalogue } from '../../../src/dates/catalogue.js';

const templates = (datepattern?: string) => new Catalogue({ first: 2000, last: 2029 }).templates(datepattern);
const names = (datepattern?: string): string[] => templates(datepattern).map(({ name }) => name);

t.test('the default list: fourteen templates at the line begin, and then all seventeen', async (t) => {
  const list = templates();
  t.equal(list.length, 31);
  t.strictSame(
    list.map(({ weight }) => weight),
    [...Array(14).fill(100), ...Array(17).fill(1)],
  );
  t.ok(list.slice(0, 14).every(({ name, isAnchored }) => isAnchored && name.startsWith('{^LN-BEG}')));
  t.strictSame(names(' \n\n'), names());
  t.strictSame(names('{DEFAULT}'), names());
  t.strictSame(names('{default}'), names());
});

t.test('words that stand for several', async (t) => {
  t.equal(names('{^LN-BEG}').length, 17);
  t.ok(templates('{^ln-beg}').every(({ isAnchored }) => isAnchored));
  t.strictSame(names('{^LN-BEG}').slice(-3), [
    '{^LN-BEG}24hour:Minute:Second',
    '^<Month/Day/ExYear2@24hour:Minute:Second>',
    '^MON-Day-ExYear2 %k:Minute:Second',
  ]);
  t.equal(names('^<W>{DATE}').length, 17);
  t.equal(names('^<W>{DATE}')[5], '^<W>Month/Day/ExYear:24hour:Minute:Second');
  t.equal(names('^<W>{DATE}')[8], '^<W>24hour:Minute:Second', 'without its own boundary');
  t.strictSame([names('^{date}')[7], names('^{date}')[16]], ['{^LN-BEG}Epoch', '{^LN-BEG}TAI64N']);
});

t.test('single ones', async (t) => {
  const table: [pattern: string, name: string][] = [
    ['%Y', 'Year'],
    ['{NONE}', '^'],
    ['EPOCH', 'Epoch'],
    ['^epoch', '{^LN-BEG}Epoch'],
    ['{^LN-BEG}Epoch', '{^LN-BEG}Epoch'],
    ['lepoch', 'LongEpoch'],
    ['{^LN-BEG}LEPOCH', '{^LN-BEG}LongEpoch'],
    ['tai64n', 'TAI64N'],
    ['^TAI64N', '{^LN-BEG}TAI64N'],
    ['x{LEPOCH}', 'x{LEPOCH}'],
    ['text', 'text'],
    ['%Y {date}', 'Year {date}'],
  ];
  for (const [pattern, name] of table) t.strictSame(names(pattern), [name], pattern);
  t.strictSame(names('%Y\n  %m  \n'), ['Year', 'Month']);
});

t.test('a list behind explicit patterns leaves out what is there', async (t) => {
  t.equal(names('{^LN-BEG}TAI64N\n{^LN-BEG}').length, 17);
  t.equal(names('%Y\n{^LN-BEG}').length, 18);
  t.strictSame(names('%Y\n{DEFAULT}'), ['Year'], 'as in fail2ban');
});

t.test('what is refused', async (t) => {
  const table: [pattern: string, message: RegExp][] = [
    ['%Y\n%Y', /^date pattern '%Y' is there twice; leave one of them out$/],
    ['EPOCH\nepoch', /^date pattern 'Epoch' is there twice/],
    ['%q', /'%q' is no date token/],
    ['(%Y', /^date pattern '\(%Y': /],
    ['{DATE}(?P<p>x)', /^date pattern '.*%p\(\?P<p>x\)': /],
  ];
  for (const [pattern, message] of table) t.throws(() => templates(pattern), { code: 'filter', message }, pattern);
});
