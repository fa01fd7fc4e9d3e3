import t from 'tap';
import { compileExpressions } from '../../../src/filters/compiled.js';
import { Stopwatch } from '../../../src/inspection/stopwatch.js';

const expression = (text: string) => ({ text, origin: 'test' });
const { prefregex, failregex, ignoreregex } = compileExpressions(
  {
    name: 'x',
    origin: 'test',
    prefregex: expression('^a <F-CONTENT>.+</F-CONTENT>$'),
    failregex: [expression('^b <HOST>'), expression('^c <HOST>')],
    ignoreregex: [expression('d')],
    maxlines: 1,
    journalmatch: [],
  },
  true,
);
const [first, second, ignoring] = [failregex[0], failregex[1], ignoreregex[0]];

function watch(...times: number[]) {
  return new Stopwatch(() => times.shift() as number);
}

t.test('a search lasts until the next one begins', async (t) => {
  const stopwatch = watch(0, 3, 10, 11, 20, 25);
  for (const sought of ['date', first, undefined, 'date', first, undefined] as const) stopwatch.compiled = sought;
  t.same(stopwatch.costOf('date'), { total: 12, worst: 9 });
  t.same(first && stopwatch.costOf(first), { total: 12, worst: 7 });
  t.same(second && stopwatch.costOf(second), { total: 0, worst: 0 }, 'what was not searched for has cost nothing');
  t.equal(stopwatch.compiled, undefined);
});

t.test('prefregex has matched where something is searched for behind it', async (t) => {
  const stopwatch = watch(0, 1, 2, 3, 4, 5, 6);
  for (const sought of ['date', prefregex, undefined] as const) stopwatch.compiled = sought;
  t.equal(stopwatch.prefixed, 0);
  for (const sought of ['date', prefregex, first, undefined] as const) stopwatch.compiled = sought;
  t.equal(stopwatch.prefixed, 1);
});

t.test('it knows the ignoreregex that was asked last', async (t) => {
  const stopwatch = watch(0, 1, 2);
  t.equal(stopwatch.ignoring, undefined);
  for (const sought of [first, ignoring, undefined] as const) stopwatch.compiled = sought;
  t.equal(stopwatch.ignoring, ignoring);
});
