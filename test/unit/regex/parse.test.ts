import t from 'tap';
import { EMPTY, type Node } from '../../../src/regex/ast.js';
import { emit } from '../../../src/regex/emit.js';
import { parse } from '../../../src/regex/parse.js';

/** What was understood, in JavaScript. */
const understood = (pattern: string, options = {}): string => {
  const { root, groupCount } = parse(pattern, options);
  return emit(root, new Set(Array.from({ length: groupCount }, (_, index) => index + 1)), true).source;
};

t.test('what a pattern says', async (t) => {
  const table: [python: string, javascript: string][] = [
    ['', ''],
    ['ab|c|', 'ab|c|'],
    ['a*b+?c{2}', 'a*b+?c{2}'],
    ['a{x}{', 'a\\x7bx\\x7d\\x7b'],
    ['^a$', '^a(?=\\n?$)'],
    ['(?m)^a$', '(?:^|(?<=\\n))a(?=\\n|$)'],
    ['.(?s:.)', '[^\\x0a][^]'],
    ['(?s).(?-s:.)', '[^][^\\x0a]'],
    ['(?i)a(?-i:b)', '[Aa]b'],
    ['(?i)(?s)a.', '[Aa][^]'],
    ['(?#x)(?i)a', '[Aa]'],
    ['a(?#x)+', 'a+'],
    ['(a(b)|(?:c))+', '(a(b)|c)+'],
    ['[ab]\\.]', '[ab]\\x2e\\x5d'],
    ['(?:a*)*', '(?:a*)*'],
    ['(?:^)*', '(?:^)*'],
    ['(?=a)*', '(?:(?=a))*'],
    ['(a)\\1', '(a)(?:\\1)'],
    ['(?x) a b # c\n [ ] \\  # d', 'ab  '],
    ['(?x: a ) b', 'a b'],
    ['(?x)a +', 'a+'],
    ['(?x)a#\\\n', 'a'],
    ['(?x)a#', 'a'],
    ['(?x)a(?-x: b)', 'a b'],
  ];
  for (const [python, javascript] of table) t.equal(understood(python), javascript, python);
});

t.test('options are flags of the whole', async (t) => {
  t.equal(understood('^a', { multiline: true, ignoreCase: true }), '(?:^|(?<=\\n))[Aa]');
});

t.test('groups', async (t) => {
  const { root, groupCount, names } = parse('(a)(?P<x>b)(?P<y>c)');
  t.equal(groupCount, 3);
  t.same(
    [...names],
    [
      ['x', 2],
      ['y', 3],
    ],
  );
  t.equal(root.kind, 'concatenation');
  t.same(parse('()').root, { kind: 'group', number: 1, body: EMPTY } satisfies Node);
});

t.test('what is refused, with the piece and where', async (t) => {
  const table: [string, RegExp][] = [
    ['a)', /'\)' at offset 1: no group is open here/],
    ['*a', /'\*' at offset 0: there is nothing to repeat/],
    ['^*', /nothing to repeat/],
    ['(|*)', /nothing to repeat/],
    ['a**', /'\*' at offset 2: a repetition is repeated/],
    ['a{2}{3}', /'\{3\}' at offset 4: a repetition is repeated/],
    ['a(?i)', /'\(\?i\)' at offset 1: flags of the whole pattern stand at its very beginning/],
    ['(?(2)a)(b)', /'\(\?\(2\)' at offset 0: there is no group 2/],
    ['a|(?i)b', /very beginning/],
    ['((?i)b)', /very beginning/],
    [`${'('.repeat(300)}${')'.repeat(300)}`, /200 deep at most/],
    ['a'.repeat(65_537), /at most 65536 characters/],
  ];
  for (const [pattern, message] of table)
    t.throws(() => parse(pattern), { code: 'filter', message }, pattern.slice(0, 20));
});

t.test('what is long but not too long is fine', async (t) => {
  t.match(parse('a'.repeat(65_536)).root, { kind: 'concatenation' });
  t.match(parse(`${'(?:'.repeat(200)}a${')'.repeat(200)}`).root, { kind: 'character' });
});
