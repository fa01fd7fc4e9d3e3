import t from 'tap';
import { emit } from '../../../src/regex/emit.js';
import { isFaithful, loosen } from '../../../src/regex/faithful.js';
import { parse } from '../../../src/regex/parse.js';

const faithful = (pattern: string): boolean => {
  const { root, groupCount } = parse(pattern);
  return isFaithful(root, new Set(Array.from({ length: groupCount }, (_, index) => index + 1)));
};

t.test('where JavaScript finds the same', async (t) => {
  const table = ['a', '(a)?b', '(?:(a)b)*', '(?:a*)*', '(?:a?b*)*', '(?:a|b?)*', '(?:(?:a|b)*)*'];
  for (const pattern of [
    ...table,
    '(a)\\1',
    '(?<=ab)c',
    '(a)(?=\\1)',
    '(?:^a|(?=b)b)*',
    '(?:(?>a|))*',
    '(?:(?:a?)+)*',
  ]) {
    t.ok(faithful(pattern), pattern);
  }
});

t.test('where it does not', async (t) => {
  const table = [
    '(?:(a)|b)*',
    '(a?)*',
    '(?:|a)*',
    '(?:a??)*',
    '(?:a*|b)*',
    '(?i)(a)\\1',
    '(ab)(?<=\\1)',
    '(?:(?:(a)|b)c)*',
    '(a)?(?(1)b)',
    '(?:(?:|a)b?)*',
  ];
  for (const pattern of table) t.notOk(faithful(pattern), pattern);
  t.notOk(faithful('(a)?(?:(?(1)|))*'));
});

t.test('a group that nobody wants does no harm', async (t) => {
  for (const pattern of ['(?:(a)|b)*', '(?:(a)?)*', '(?:(a*))*'])
    t.ok(isFaithful(parse(pattern).root, new Set()), pattern);
});

t.test('a looser pattern matches wherever the pattern does', async (t) => {
  const table: [string, string][] = [
    ['(a)?(?(1)b|c)', 'a?(?:b|c)'],
    ['(a)\\1', 'a[^]*'],
    ['(?>a|ab)c', '(?:a|ab)c'],
    ['(?!a)(?=(b))', '(?=b)'],
    ['(?<!a)b', 'b'],
    ['(?:(a)|b)*', '(?:a|b)*'],
  ];
  for (const [python, javascript] of table)
    t.equal(emit(loosen(parse(python).root), new Set(), true).source, javascript, python);
});
