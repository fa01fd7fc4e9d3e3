import t from 'tap';
import {
  addressLines,
  dateLines,
  expressionLines,
  type Results,
  remarkLines,
  totalLines,
} from '../../../../src/cli/filter/results.js';
import { Tally } from '../../../../src/inspection/tally.js';
import { Trial } from '../../../../src/inspection/trial.js';

const plain = (text: string): string => text;
const style = { good: plain, bad: plain, doubtful: plain, faint: plain, strong: plain };

function tried(failregex: string, ...texts: string[]): Results {
  const expression = (text: string) => ({ text, origin: '/f/x.conf', line: 3 });
  const trial = new Trial(
    {
      name: 'x',
      origin: '/f/x.conf',
      prefregex: expression('^<F-CONTENT>.+</F-CONTENT>$'),
      failregex: [{ text: failregex, origin: 'jail x' }],
      ignoreregex: [expression('never')],
      maxlines: 1,
      journalmatch: [],
    },
    { now: () => Date.UTC(2026, 0, 1), stopwatch: () => 0 },
  );
  const tally = new Tally(1);
  const lines = texts.map((text) => ({ text, isAscii: true }));
  for (const outcomes of trial.judge(lines)) for (const outcome of outcomes) tally.add(outcome);
  return { trial, tally, style };
}

t.test('expressions with their hits', async (t) => {
  const long = `^ <HOST>${'(?:)'.repeat(40)}`;
  const results = tried(long, '2026-01-01 00:00:00 192.0.2.1', '192.0.2.1 never', 'x');
  t.same(expressionLines(results), [
    'EXPRESSION     HITS     TIME  WORST LINE  WHERE',
    'date              1  0.000 s     0.00 ms',
    'prefregex         3  0.000 s     0.00 ms  x.conf:3  ^<F-CONTENT>.+</F-CONTENT>$',
    `failregex 1       1  0.000 s     0.00 ms  jail x    ${long.slice(0, 100)}…`,
    'ignoreregex 1     0  0.000 s     0.00 ms  x.conf:3  never',
  ]);
});

t.test('date templates that found something', async (t) => {
  t.same(dateLines(tried('<HOST>', 'x')), []);
  t.match(dateLines(tried('<HOST>', '2026-01-01 00:00:00 x')), ['DATES', /^1 {2}\{\^LN-BEG\}ExYear/]);
});

t.test('addresses, as many as are asked for', async (t) => {
  const results = tried('(?:x )?<HOST>', '192.0.2.2', '192.0.2.1', '192.0.2.1', 'h.test');
  const none = new Map<string, string[]>();
  t.same(addressLines(results, 1, none), ['ADDRESSES (3, the first 1)', '2  192.0.2.1']);
  t.same(addressLines(results, 9, new Map([['h.test', ['192.0.2.9', '192.0.2.8']]])), [
    'ADDRESSES (3)',
    '2  192.0.2.1',
    '1  192.0.2.2',
    '1  h.test (192.0.2.9, 192.0.2.8)',
  ]);
  results.tally.uncounted = 4;
  t.equal(addressLines(results, 1, none).at(-1), '4 failures of addresses that came later are not counted apart');
  t.same(addressLines(tried('<HOST>'), 9, none), []);
});

t.test('what is dangerous, and what ran out of its time', async (t) => {
  t.same(remarkLines(tried('^<HOST>$', 'x')), []);
  const loose = remarkLines(tried('^.* <HOST>', 'x')).find((line) => line.startsWith('warning'));
  t.match(loose, /^warning: jail x: failregex 1 takes any text/);
  const [overrun] = remarkLines(tried('^a*a*a*a*a*a*a*a*! <HOST>$', 'a'.repeat(1500))).slice(-1);
  t.equal(overrun, 'failregex 1 ran out of its time (100 ms) on 1 line');
});

t.test('many notes are counted alone', async (t) => {
  const risky = (count: number): Results => {
    const results = tried('^<HOST>$', 'x');
    const expression = { text: '^a.*b.*c.* <HOST>$', origin: '/f/x.conf', line: 3 };
    const definition = { ...results.trial.filter.definition, failregex: new Array(count).fill(expression) };
    return { ...results, trial: new Trial(definition, { now: () => 0, stopwatch: () => 0 }) };
  };
  t.match(remarkLines(risky(3)), [/^note: x|^note: \/f/, /^note/, /^note/]);
  t.same(remarkLines(risky(4)), ['4 notes: see dropset filter check']);
});

t.test('totals', async (t) => {
  t.same(totalLines(tried('<HOST>', '192.0.2.1', '-'), 0.5), [
    '2 lines: 1 matched, 1 missed, 0 ignored, 0 pending',
    '0.50 s, 4 lines/s',
  ]);
  t.match(totalLines(tried('<HOST>', '-'), 0), [
    '1 line: 0 matched, 1 missed, 0 ignored, 0 pending',
    '0.00 s, 1000 lines/s',
  ]);
});
