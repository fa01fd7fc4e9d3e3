import t from 'tap';
import { type FilterDefinition, parseDefinition } from '../../../src/filters/definition.js';

const parse = (...lines: string[]): FilterDefinition => parseDefinition('x', '/x.conf', lines.join('\n'));

t.test('what is understood', async (t) => {
  const definition = parse(
    '# a comment',
    '; another',
    '[Definition]',
    '_who = (?:%(_a)s|b)',
    '_a: 50%% ; a variable',
    '',
    'failregex = ^one %(_who)s <HOST>$ ; why',
    '  # a comment in between',
    '\t^two;semicolon <HOST># no comment$',
    'ignoreregex =',
    '  ; nothing but a comment',
  );
  t.same(definition, {
    name: 'x',
    origin: '/x.conf',
    failregex: ['^one (?:50%|b) <HOST>$', '^two;semicolon <HOST># no comment$'],
    ignoreregex: [],
  });
});

t.test('values on the next lines, with line ends of Windows', async (t) => {
  t.match(parse('[Definition]\r', 'failregex =\r', '  a\r', '  b\r', 'ignoreregex = c\r'), {
    failregex: ['a', 'b'],
    ignoreregex: ['c'],
  });
});

t.test('everything else is refused, with its place', async (t) => {
  const head = ['[Definition]', 'failregex = a'];
  const table: [string[], RegExp][] = [
    [['[Definition]'], /^\/x\.conf: there is no failregex$/],
    [['[Definition]', 'ignoreregex = a'], /there is no failregex/],
    [['[INCLUDES]', 'before = common.conf'], /^\/x\.conf:1: section \[INCLUDES\] is not supported/],
    [[...head, '[Init]'], /^\/x\.conf:3: section \[Init\]/],
    [['failregex = a'], /^\/x\.conf:1: options belong into the section/],
    [[...head, 'prefregex = a'], /^\/x\.conf:3: option 'prefregex' is not supported$/],
    [[...head, 'datepattern = a'], /option 'datepattern'/],
    [[...head, 'maxlines = 2'], /option 'maxlines'/],
    [[...head, 'failregex = b'], /^\/x\.conf:3: option 'failregex' is there twice/],
    [[...head, 'nonsense'], /^\/x\.conf:3: 'nonsense' is no option/],
    [['[Definition]', '  a'], /^\/x\.conf:2: an indented line continues nothing/],
    [['[Definition]', 'failregex = %(__prefix_line)s a'], /^\/x\.conf:2: '%\(__prefix_line\)s' is not supported here/],
    [['[Definition]', 'failregex = %(known/x)s a'], /'%\('? ?.*is not supported/],
    [['[Definition]', 'failregex = 5%'], /'%' is not supported/],
    [['[Definition]', 'failregex = %(failregex)s'], /'%\(failregex\)s' is not supported/],
    [['[Definition]', '_a = %(_a)s', 'failregex = %(_a)s'], /:2: '%\(_a\)s' is not supported/],
    [['[Definition]', '_a = 1', '  2', 'failregex = %(_a)s'], /:4: '%\(_a\)s' is not supported/],
  ];
  for (const [lines, message] of table) t.throws(() => parse(...lines), { code: 'filter', message }, lines.join('|'));
});

t.test('an empty variable', async (t) => {
  t.same(parse('[Definition]', '_a =', 'failregex = x%(_a)sy').failregex, ['xy']);
});
