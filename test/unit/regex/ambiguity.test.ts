import t from 'tap';
import { isExponential, isPolynomial } from '../../../src/regex/ambiguity.js';
import { loopsOf } from '../../../src/regex/components.js';
import { type Automaton, automatonOf } from '../../../src/regex/glushkov.js';
import { parse } from '../../../src/regex/parse.js';

const automaton = (pattern: string): Automaton => automatonOf(parse(pattern).root) as Automaton;

t.test('a loop that can be gone around in two ways by the same text', async (t) => {
  const exponential = (pattern: string) =>
    loopsOf(automaton(pattern).follow).some((loop) => isExponential(automaton(pattern), loop));
  const yes = [
    '(?:a*)*',
    '(?:a|a)*',
    '(?:a|aa)*',
    '(?:a|ab|b)*',
    '(?:a?b?)*',
    '(?:\\w+\\d*)*',
    '(?:x\\w+ ?)*',
    '(?:(?:|)a)*',
    '(?:ab|a(?:b))*',
  ];
  for (const pattern of yes) t.ok(exponential(pattern), pattern);
  const no = [
    'a*',
    '(?:ab)*',
    '(?:a|b)*',
    '(?:\\w+\\s)*',
    '(?:\\w+\\s+)*',
    '(?:a?b)*',
    '(?:"[^"]*"|[^"])*',
    '(?:a{1,9}){1,9}',
  ];
  for (const pattern of no) t.notOk(exponential(pattern), pattern);
});

t.test('in doubt, yes', async (t) => {
  const many = Array.from({ length: 700 }, (_, index) => index);
  const masks = many.map(() => [-1, -1, -1, -1, 15]);
  // A ring and a way off it: very many pairs, and none that meets.
  const follow = many.map((state) => [(state + 1) % 700]);
  follow[0] = [1, 350];
  t.ok(isExponential({ masks, follow, first: [0] }, many));
});

t.test('two loops that can share out one text', async (t) => {
  const polynomial = (pattern: string, isAnchored = true) =>
    isPolynomial(automaton(pattern), loopsOf(automaton(pattern).follow), isAnchored);
  for (const pattern of ['a*a*', '.*x.*', '\\w+\\d+', '[ab]+c*[bc]+', '.*foo.*']) t.ok(polynomial(pattern), pattern);
  for (const pattern of ['a*b*', '\\w+ \\w+', '.*\\n.*', '\\S+ from \\S+', 'a*', '[ab]+c+[ad]+'])
    t.notOk(polynomial(pattern), pattern);
});

t.test('a search that may begin anywhere is a loop itself', async (t) => {
  const polynomial = (pattern: string) => isPolynomial(automaton(pattern), loopsOf(automaton(pattern).follow), false);
  for (const pattern of ['a+b', '\\s*x', 'ab[ab]*']) t.ok(polynomial(pattern), pattern);
  for (const pattern of ['ab', 'x\\d+', 'foo \\w+']) t.notOk(polynomial(pattern), pattern);
});
