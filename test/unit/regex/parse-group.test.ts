import t from 'tap';
import { children, type Node } from '../../../src/regex/ast.js';
import { parse } from '../../../src/regex/parse.js';
import { isGlobalFlags } from '../../../src/regex/parse-group.js';

const root = (pattern: string) => parse(pattern).root;

const last = (pattern: string) => children(root(pattern)).at(-1) as Node;

t.test('kinds of groups', async (t) => {
  t.match(root('(a)'), { kind: 'group', number: 1, body: { kind: 'character' } });
  t.match(root('(?P<n>a)'), { kind: 'group', number: 1 });
  t.match(root('(?:a)'), { kind: 'character' });
  t.match(root('(?>a)'), { kind: 'atomic', body: { kind: 'character' } });
  t.match(root('(?=a)'), { kind: 'look', isAhead: true, isNegative: false, width: 0 });
  t.match(root('(?!a)'), { kind: 'look', isAhead: true, isNegative: true });
  t.match(root('(?<=abc)'), { kind: 'look', isAhead: false, isNegative: false, width: 3 });
  t.match(root('(?<!a|b)'), { kind: 'look', isAhead: false, isNegative: true, width: 1 });
  t.match(root('(?#a(b\\))'), { kind: 'concatenation', parts: [] });
  t.match(root('(?i:a)'), { kind: 'character', set: { fold: 'unicode' } });
  t.match(root('(?i)(?-i:a)'), { kind: 'character', set: { fold: 'none' } });
});

t.test('references and conditionals', async (t) => {
  t.match(last('(?P<n>a)(?P=n)'), { kind: 'reference', group: 1, fold: 'none' });
  t.match(last('(?i)(?P<n>a)(?P=n)'), { kind: 'reference', group: 1, fold: 'unicode' });
  t.match(last('(a)(?(1)b|c)'), {
    kind: 'conditional',
    group: 1,
    yes: { kind: 'character' },
    no: { kind: 'character' },
  });
  t.match(last('(?P<n>a)(?(n)b)'), { kind: 'conditional', group: 1, no: { parts: [] } });
  t.match(children(root('(?(1)b)(a)'))[0], { kind: 'conditional', group: 1 }, 'of a group that is yet to come');
  t.match(last('(a)(?<=\\1)'), { kind: 'look', width: 1 });
});

t.test('flags of the whole pattern are no group', async (t) => {
  t.ok(isGlobalFlags({ ignoreCase: true }));
  t.notOk(isGlobalFlags(undefined));
  t.notOk(isGlobalFlags(root('a')));
});

t.test('what is refused', async (t) => {
  const table: [string, RegExp][] = [
    ['(a', /'\(a' at offset 0: the group has no end/],
    ['(?', /no end/],
    ['(?:a', /no end/],
    ['(?P', /followed by '<' or '='/],
    ['(?P>n)', /followed by '<' or '='/],
    ['(?P<n', /'>' is missing/],
    ['(?P<1>a)', /no group name/],
    ['(?P<n>a)(?P<n>b)', /another group/],
    ['(?P=n)', /no group 'n' before/],
    ['(?P<n>(?P=n))', /cannot refer to itself/],
    ['(?<n>a)', /a named group is/],
    ['(?<=a*)', /'\(\?<=a\*\)' at offset 0: a look behind has a fixed width/],
    ['(?<=(a)\\1)', /a group in itself/],
    ['(?<=(?<=(a))\\1)', /a group in itself/],
    ['(?#a', /comment has no end/],
    ['(?(n)a)', /no group 'n' before/],
    ['(?(0)a)', /numbered from 1/],
    ['(?(1)a)', /'\(\?\(1\)' at offset 0: there is no group 1/],
    ['(a)(?(1)a|b|c)', /two branches at most/],
    ['(a)(?(1)a', /no end/],
    ['(?q)', /'\(\?q' has no meaning/],
  ];
  for (const [pattern, message] of table) t.throws(() => parse(pattern), { code: 'filter', message }, pattern);
});
