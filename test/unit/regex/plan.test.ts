import t from 'tap';
import { parse } from '../../../src/regex/parse.js';
import { planOf } from '../../../src/regex/plan.js';
import type { Risk } from '../../../src/regex/risk.js';

const plan = (pattern: string, risk: Risk, hasSpans = false) => planOf(parse(pattern), risk, hasSpans);

t.test('who searches', async (t) => {
  const table: [string, Risk, engine: string, hasVariants: boolean, hasMachine: boolean][] = [
    ['a', 'none', 'v8', true, false],
    ['a', 'polynomial', 'v8', true, true],
    ['a', 'exponential', 'linear', false, true],
    ['(a)?\\1', 'polynomial', 'v8', true, false],
    ['(?P<n>a)\\1', 'exponential', 'backtracking', false, true],
    ['(?:(?P<n>a)|b)*', 'none', 'linear', true, true],
    ['(?i)(a)\\1', 'none', 'backtracking', true, true],
    ['(?i)(a)\\1', 'exponential', 'backtracking', false, true],
    ['a{30000}', 'none', 'v8', true, false],
    ['a{30000}', 'exponential', 'v8', true, false],
  ];
  for (const [pattern, risk, engine, hasVariants, hasMachine] of table) {
    const found = plan(pattern, risk);
    const parts = [found?.engine, found?.variants !== undefined, found?.machine !== undefined];
    t.same(parts, [engine, hasVariants, hasMachine], `${pattern} ${risk}`);
  }
});

t.test('groups without a name matter to those who want spans', async (t) => {
  t.equal(plan('(?:(a)|b)*', 'none')?.engine, 'v8');
  t.equal(plan('(?:(a)|b)*', 'none', true)?.engine, 'linear');
});

t.test('what is too large for all of them', async (t) => {
  t.equal(plan('(?:(?P<n>a)|b){30000}', 'none'), undefined);
});

t.test('V8 finds something too large, too', async (t) => {
  const large = `(?:(?:(?:(?:${'abcdefghij'.repeat(5000)}){1,9}){1,99}){1,99}){1,99}`;
  t.equal(plan(large, 'none'), undefined);
});
