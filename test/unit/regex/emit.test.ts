import t from 'tap';
import { NEVER, repetition } from '../../../src/regex/ast.js';
import { emit } from '../../../src/regex/emit.js';
import { parse } from '../../../src/regex/parse.js';

const ascii = (pattern: string, ...wanted: number[]) => emit(parse(pattern).root, new Set(wanted), true);

t.test('in JavaScript, for ASCII', async (t) => {
  const table: [string, string][] = [
    ['a|b', 'a|b'],
    ['(?:a|b)c', '(?:a|b)c'],
    ['(?:ab)*', '(?:ab)*'],
    ['a{2}b{2,}c{2,3}d{0,1}e{1,}f{,}', 'a{2}b{2,}c{2,3}d?e+f*'],
    ['a{0}b', 'b'],
    ['a+?b{2,3}?', 'a+?b{2,3}?'],
    ['(?:a?)?', '(?:(?:a?)|)'],
    ['(?:a?)??', '(?:|(?:a?))'],
    ['\\Aa\\Z', '^a$'],
    ['\\b', '\\b'],
    ['\\B', '\\B(?:(?=[^])|(?<=[^]))'],
    ['(?!a)(?<!b)(?=c)(?<=d)', '(?!a)(?<!b)(?=c)(?<=d)'],
  ];
  for (const [python, javascript] of table) t.equal(ascii(python).source, javascript, python);
  t.equal(emit(NEVER, new Set(), true).source, '[]');
});

t.test('only the groups that are wanted capture', async (t) => {
  t.same(ascii('(a)(b)(c)', 2), {
    source: 'a(b)c',
    flags: '',
    numbers: [0, 2],
  });
  t.same(ascii('(ab|c)\\1', 1), { source: '(ab|c)(?:\\1)', flags: '', numbers: [0, 1] });
});

t.test('what is atomic is looked at, and taken', async (t) => {
  t.same(ascii('(?>a*)b', 1), { source: '(?:(?=(a*))\\1)b', flags: '', numbers: [0, -1] });
  t.same(ascii('(a)(?>(b))', 1, 2).numbers, [0, 1, -1, 2]);
  t.equal(ascii('(?<=(?>a))b').source, '(?<=a)b');
  t.equal(ascii('(?<=(?>ab)(?=(?>c)))').source, '(?<=(?:ab)(?=(?:(?=(c))\\1)))');
});

t.test('a group that is there twice is referred to twice', async (t) => {
  const { root } = parse('(a)|(b)');
  const twice = {
    kind: 'concatenation' as const,
    parts: [repetition(root, 0, 1), { kind: 'reference' as const, group: 1, fold: 'none' as const }],
  };
  t.equal(emit(twice, new Set([1]), true).source, '(?:(a)|b)?(?:\\1)');
});

t.test('for any text', async (t) => {
  const { source, flags } = emit(parse('a\\b').root, new Set(), false);
  t.equal(flags, 'u');
  t.match('жa', new RegExp(source, flags));
  t.notMatch('aж', new RegExp(source, flags));
  t.match('жж', new RegExp(emit(parse('ж\\Bж').root, new Set(), false).source, 'u'));
});

t.test('no match begins within a character', async (t) => {
  const regexp = new RegExp(emit(parse('(?!^)').root, new Set(), false).source, 'u');
  t.equal(regexp.exec('\u{1f600}a')?.index, 2);
});

t.test('conditionals are not its job', async (t) => {
  t.throws(() => ascii('(a)?(?(1)b|c)'), /resolved, or loosened/);
});
