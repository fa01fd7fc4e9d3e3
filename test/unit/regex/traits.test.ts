import t from 'tap';
import { parse } from '../../../src/regex/parse.js';
import { asksFor, contains, groupsIn, isAnchored, isNullable, surelySets } from '../../../src/regex/traits.js';

const root = (pattern: string) => parse(pattern).root;

t.test('groups: which there are, which a match surely sets, which are asked for', async (t) => {
  const table: [string, groups: number[], sure: number[], asked: number[]][] = [
    ['a', [], [], []],
    ['(a)(?:(b)|c)', [1, 2], [1], []],
    ['(?:(a)(b)|(?:(c)))', [1, 2, 3], [], []],
    ['((a)?)+', [1, 2], [1], []],
    ['(a){0,2}(b){2}', [1, 2], [2], []],
    ['(?=(a))(?!(b))(?>(c))', [1, 2, 3], [1, 3], []],
    ['(a)(?(1)(b)|(c))\\1', [1, 2, 3], [1], [1]],
    ['(a)?(?:\\1|b)', [1], [], [1]],
  ];
  for (const [pattern, groups, sure, asked] of table) {
    t.same([...groupsIn(root(pattern))], groups, pattern);
    t.same([...surelySets(root(pattern))], sure, pattern);
    t.same([...asksFor(root(pattern))], asked, pattern);
  }
});

t.test('what may match nothing', async (t) => {
  const nullable = [
    '',
    'a?',
    '(a*)',
    'a|',
    '(?>a?)',
    '^',
    '(?=a)',
    '(a)?\\1',
    '(a?)(?(1)b|)',
    '(?:a?){3}',
    '(?:a){0,3}',
  ];
  for (const pattern of nullable) t.ok(isNullable(root(pattern)), pattern);
  for (const pattern of ['a', 'a?b', '(a)', 'a|b', '(a)(?(1)b|c)', 'a+']) t.notOk(isNullable(root(pattern)), pattern);
});

t.test('where a match can begin', async (t) => {
  for (const pattern of ['^a', '(^a)', '(?>^)', '^a|\\Ab', '(?:^)b']) t.ok(isAnchored(root(pattern), 'start'), pattern);
  for (const pattern of ['a', 'a^', '^a|b', '(?m)^a', '(?:^)?b', ''])
    t.notOk(isAnchored(root(pattern), 'start'), pattern);
  t.ok(isAnchored(root('(?m)^a'), 'start', 'line-start'));
});

t.test('what is in a node, however deep', async (t) => {
  t.ok(contains(root('(?:(a(?=b)))'), 'look'));
  t.notOk(contains(root('(?:(a(?=b)))'), 'reference', 'anchor'));
});
