import t from 'tap';
import { type Ini, parseIni, quoted } from '../../../src/fail2ban/ini.js';

const parse = (...lines: string[]): Ini => parseIni(lines.join('\n'), '/x.conf');

/** Section, option, value. */
const table = (ini: Ini): string[][] =>
  [['DEFAULT', ini.defaults] as const, ...ini.sections].flatMap(([section, options]) =>
    [...options].map(([name, { text }]) => [section, name, text]),
  );

t.test('sections, options, values on several lines', async (t) => {
  const ini = parse('# one', '[DEFAULT]', 'A = 1', '[x y]', 'b: 2 ; two', '  three', '  # four', '', '  f=i ve', 'c =');
  t.same(table(ini), [
    ['DEFAULT', 'a', '1'],
    ['x y', 'b', '2\nthree\n\nf=i ve'],
    ['x y', 'c', ''],
  ]);
});

t.test('each line of a value knows its number', async (t) => {
  const value = parse('[a]', 'x = 1', '', ' # comment', '  2', '', '').sections.get('a')?.get('x');
  t.same(value, { text: '1\n\n2', origin: '/x.conf', lines: [2, 3, 5] });
});

t.test('comments', async (t) => {
  t.same(table(parse('[a] ; why', 'x = 1;2 # 3', ';y = 2', '  ; z', 'z = 1\t;', 'v = ;')), [
    ['a', 'x', '1;2 # 3'],
    ['a', 'z', '1'],
    ['a', 'v', ''],
  ]);
});

t.test('all three line ends', async (t) => {
  t.same(table(parse('[a]\r\nx = 1\r  2\n  3')), [['a', 'x', '1\n2\n3']]);
});

t.test('names of objects are names', async (t) => {
  t.same(table(parse('[__proto__]', 'constructor = 1', '__proto__ = 2')), [
    ['__proto__', 'constructor', '1'],
    ['__proto__', '__proto__', '2'],
  ]);
});

t.test('faults, with their place', async (t) => {
  const faults: [string[], string][] = [
    [['x = 1'], "/x.conf:1: 'x = 1' stands before any [section]"],
    [['\ufeff[a]'], "/x.conf:1: '\ufeff[a]' stands before any [section]"],
    [['[a]', '', 'what'], "/x.conf:3: 'what' is no option; write name = value, or indent what continues a value"],
    [['[a]', '= 1'], "/x.conf:2: '= 1' is no option; write name = value, or indent what continues a value"],
    [['[a]', '  deep'], "/x.conf:2: 'deep' is no option; write name = value, or indent what continues a value"],
    [['[a]', 'x = 1', 'X : 2'], "/x.conf:3: option 'x' is in [a] twice; remove one"],
    [['[DEFAULT]', 'x = 1', '[DEFAULT]', 'x = 1'], "/x.conf:4: option 'x' is in [DEFAULT] twice; remove one"],
    [['[a]', '[b]', '[a]'], '/x.conf:3: section [a] is there twice; join the two'],
  ];
  for (const [lines, message] of faults) t.throws(() => parse(...lines), { code: 'config', message }, lines.join('|'));
});

t.test('a piece is shown short', async (t) => {
  t.equal(quoted('a\nb'), "'a\\nb'");
  t.equal(quoted('x'.repeat(100)), `'${'x'.repeat(60)}...'`);
});
