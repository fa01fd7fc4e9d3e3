import t from 'tap';
import { parse } from '../../../src/regex/parse.js';
import { type Risk, riskOf } from '../../../src/regex/risk.js';

t.test('how time grows with the text', async (t) => {
  const table: Record<Risk, string[]> = {
    none: [
      'a',
      '^a+$',
      'x\\d+',
      '(?:[0-9a-fA-F]{1,4}::?|:){1,7}',
      '^(?:\\w+\\s+)*x',
      '^(?=ab)c',
      '(?m)^a+b',
      '^\\S+ from \\S+$',
      '^(?:\\[(?:[^\\]"]|"[^"]*")*\\])+$',
    ],
    polynomial: ['a+b', '^a*a*$', '^.*x.*y$', '^(?=.*a)b', '^(?!.*a.*b)', '(?>a+)b', '^(a+)\\1', '^a{1,90}a{1,90}$'],
    exponential: [
      '(?:a*)*b',
      '^(?:a|a)*$',
      '^(?:\\[(?:[^\\]"]*|"[^"]*")*\\])+',
      '^(?: \\S+=(?:\\S*|"[^"]*"))* x',
      '^(?!(?:a*)*b)',
      '^(a)(?:\\1x?)*y',
      '^(?:: (?:\\w+\\([^)]*\\)|[^(]+))* x',
    ],
  };
  for (const [risk, patterns] of Object.entries(table))
    for (const pattern of patterns) t.equal(riskOf(parse(pattern).root), risk, pattern);
});

t.test('of what is too large for an automaton only the nesting counts', async (t) => {
  const large = '(?:(?:b{30}){30}){30}';
  t.equal(riskOf(parse(large).root), 'polynomial');
  t.equal(riskOf(parse(`${large}(?:a+x)*`).root), 'exponential');
  t.equal(riskOf(parse(`${large}(?=(?:a*)*)`).root), 'exponential');
});
