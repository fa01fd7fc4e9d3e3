import t from 'tap';
import { resolve } from '../../../src/regex/conditional.js';
import { emit } from '../../../src/regex/emit.js';
import { parse } from '../../../src/regex/parse.js';

const resolved = (pattern: string): string | undefined => {
  const { root, groupCount } = parse(pattern);
  const node = resolve(root);
  return node && emit(node, new Set(Array.from({ length: groupCount }, (_, index) => index + 1)), true).source;
};

t.test('the choice that decides is distributed', async (t) => {
  const table: [string, string][] = [
    ['(a)?b(?(1)c|d)', '(a)bc|bd'],
    ['(a)??b(?(1)c|d)', 'bd|(a)bc'],
    ['x(?:(a)|b)c(?(1)d)e', 'x(?:(a)cde|bce)'],
    ['(?:(a)|b)(?:(c)|d)(?(1)e|f)(?(2)g|h)', '(a)(?:(c)eg|deh)|b(?:(c)fg|dfh)'],
    ['(?:(a)b)?(?(1)c|d)(?(1)e|f)', '(a)bce|df'],
    ['((a)|b)(?(2)c|d)', '((a))c|(b)d'],
    ['(a)(?(1)b|c)', '(a)b'],
    ['(?(1)b|c)(a)', 'c(a)'],
    ['(a)?(?:x(?(1)b|c)|y)z', '(a)(?:xb|y)z|(?:xc|y)z'],
    ['(a)?(?=(?(1)b|c))', '(a)(?=b)|(?=c)'],
    ['(a)?b(?:\\1)', '(a)b(?:\\1)|b[]'],
    ['(a)(?:\\1)', '(a)(?:\\1)'],
    ['(a)?b', '(a)?b'],
  ];
  for (const [python, javascript] of table) t.equal(resolved(python), javascript, python);
});

t.test('what cannot be distributed is left to the machine', async (t) => {
  const table = [
    '(?:(a)?(?(1)b|c))*',
    '(?:(a)|b){2}(?(1)c|d)',
    '(x(a)?)(?(2)b|c)',
    '(?>(a)?)(?(1)b|c)',
    '(?=(a)?)(?(1)b|c)',
    '(?:(a)|\\1b)*',
  ];
  for (const pattern of table) t.equal(resolved(pattern), undefined, pattern);
});

t.test('nor what would be too large', async (t) => {
  const groups = Array.from({ length: 14 }, (_, index) => index + 1);
  t.equal(resolved(groups.map(() => '(a)?').join('') + groups.map((group) => `(?(${group})b|c)`).join('')), undefined);
});
