import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { compareFilters, type Question } from '../fail2ban-filters.js';

/** Files of a `filter.d`, by name; `x/` begins a folder. */
type Tree = Readonly<Record<string, string>>;

interface Case {
  readonly files: Tree;
  /** Other than `f`. */
  readonly filter?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** True where both sides have to refuse. */
  readonly refused?: true;
}

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

/** `[Definition]` alone. */
const definition = (...text: string[]): Tree => ({ 'f.conf': lines('[Definition]', ...text) });

/** Values that lead on to the next and use one tag each. */
const chain = (length: number): string[] => [
  'x = 1',
  ...Array.from({ length }, (_, index) => `a${index} = <x><a${index + 1}>`),
  `a${length} = end`,
];

const CASES: Readonly<Record<string, Case>> = {
  // Files and their precedence.
  'a .local wins over its .conf': {
    files: { ...definition('failregex = a', 'maxlines = 2'), 'f.local': lines('[Definition]', 'failregex = b') },
  },
  'drop-ins in order, .conf before .local': {
    files: {
      ...definition('failregex = a', 'x = 0', 'ignoreregex = %(x)s', 'datepattern = %(x)s'),
      'f.d/20.conf': lines('[Definition]', 'x = 20', 'failregex = 20'),
      'f.d/10.conf': lines('[Definition]', 'x = 10', 'failregex = 10'),
      'f.local': lines('[Definition]', 'x = local'),
      'f.d/01.local': lines('[Definition]', 'datepattern = last %(x)s'),
      'f.d/.hidden.conf': lines('[Definition]', 'x = hidden'),
      'f.d/note.txt': 'no option',
    },
  },
  'a filter that is a .local alone': { files: { 'f.local': lines('[Definition]', 'failregex = a') } },
  'no such filter': { files: { 'g.conf': '' }, refused: true },
  'an empty file': { files: { 'f.conf': '' } },
  'no definition, only defaults': { files: { 'f.conf': lines('[DEFAULT]', 'failregex = a') } },
  'defaults stand behind the definition': {
    files: { 'f.conf': lines('[DEFAULT]', 'failregex = a', 'maxlines = 3', '[Definition]', 'maxlines = 4') },
  },
  // Includes.
  'before and after, and a .local behind each': {
    files: {
      'f.conf': lines(
        '[INCLUDES]',
        'before = b.conf',
        'after = z.conf',
        '[Definition]',
        'failregex = %(x)s %(y)s %(v)s',
        'x = f',
        'v = f',
      ),
      'b.conf': lines('[Definition]', 'x = b', 'y = b', 'v = b'),
      'b.local': lines('[Definition]', 'y = b.local'),
      'z.conf': lines('[Definition]', 'v = z'),
      'z.local': lines('[Definition]', 'datepattern = z.local'),
      'f.local': lines('[Definition]', 'ignoreregex = %(v)s'),
    },
  },
  'several includes, in folders, some missing': {
    files: {
      'f.conf': lines(
        '[INCLUDES]',
        'before = sub/one.conf',
        '         nothing.conf',
        '         two.conf',
        '[Definition]',
        'failregex = %(x)s%(y)s',
      ),
      'sub/one.conf': lines('[INCLUDES]', 'before = three.conf', '[Definition]', 'y = 1'),
      'sub/three.conf': lines('[Definition]', 'x = 3', 'y = 3'),
      'two.conf': lines('[Definition]', 'x = 2'),
    },
  },
  'includes in a circle': {
    files: {
      'f.conf': lines('[INCLUDES]', 'before = g.conf', '[Definition]', 'failregex = f %(known/x)s', 'x = f'),
      'g.conf': lines('[INCLUDES]', 'after = f.conf', '[Definition]', 'failregex = g', 'x = g'),
    },
  },
  'an include of itself': {
    files: {
      'f.conf': lines('[INCLUDES]', 'before = f.conf', '[Definition]', 'failregex = f', 'x = %(known/failregex)s'),
    },
  },
  'an include named by a default': {
    files: {
      'f.conf': lines('[DEFAULT]', 'which = g', '[INCLUDES]', 'before = %(which)s.conf', '[Definition]', 'x = 1'),
      'g.conf': lines('[Definition]', 'failregex = g'),
    },
  },
  // Interpolation.
  'references, ten deep': {
    files: definition(
      'failregex = %(a0)s',
      ...Array.from({ length: 8 }, (_, i) => `a${i} = %(a${i + 1})s`),
      'a8 = end',
    ),
  },
  'references, too deep': {
    files: definition(
      'failregex = %(a0)s',
      ...Array.from({ length: 10 }, (_, i) => `a${i} = %(a${i + 1})s`),
      'a10 = %%',
    ),
    refused: true,
  },
  'a reference to itself': { files: definition('failregex = x%(failregex)s'), refused: true },
  'an unknown reference': { files: definition('failregex = %(nothing)s'), refused: true },
  'percent signs': { files: definition('failregex = 100%% %%(x)s %%%%') },
  'a lone percent sign': { files: definition('failregex = 100% sure'), refused: true },
  'a percent sign at the end': { files: definition('failregex = 100%'), refused: true },
  'a reference without an end': { files: definition('failregex = %(x'), refused: true },
  'a reference without its s': { files: definition('failregex = %(x)d', 'x = 1'), refused: true },
  'an empty reference': { files: definition('failregex = %()s'), refused: true },
  'capitals in names': { files: definition('FailRegex = %(X)s', 'x = 1', 'MAXLINES = 5') },
  'its own section': { files: definition('failregex = %(__name__)s') },
  'other sections': {
    files: {
      'f.conf': lines(
        '[DEFAULT]',
        'd = default',
        'e = default',
        '[other]',
        'x = %(y)s',
        'y = other',
        'd = other',
        '[Definition]',
        'y = mine',
        'd = mine',
        'failregex = %(other/x)s %(other/d)s %(other/e)s %(default/d)s %(DEFAULT/e)s',
      ),
    },
    refused: true,
  },
  'other sections, lower case': {
    files: {
      'f.conf': lines(
        '[DEFAULT]',
        'd = default',
        'e = default',
        '[other]',
        'x = %(y)s',
        'y = other',
        'd = other',
        '[Definition]',
        'y = mine',
        'd = mine',
        'failregex = %(other/x)s %(other/d)s %(other/e)s %(default/d)s %(default/e)s',
      ),
    },
  },
  'a section that is not there': { files: definition('failregex = %(other/x)s'), refused: true },
  'the value before, known': {
    files: {
      ...definition('failregex = one', 'x = 1'),
      'f.local': lines('[Definition]', 'failregex = %(known/failregex)s', '  two', 'x = %(known/x)s2'),
    },
  },
  'known over two files is a circle': {
    files: {
      ...definition('failregex = one'),
      'f.d/a.conf': lines('[Definition]', 'failregex = %(known/failregex)s', '  two'),
      'f.local': lines('[Definition]', 'failregex = %(known/failregex)s', '  three'),
    },
    refused: true,
  },
  'known of a default': {
    files: { 'f.conf': lines('[DEFAULT]', 'x = d', '[Definition]', 'failregex = %(known/x)s') },
  },
  'references to parameters': {
    files: definition('failregex = %(x)s', 'x = own'),
    parameters: { x: 'given %(x2)s', x2: 'two' },
  },
  'a parameter with a percent sign': {
    files: definition('failregex = %(x)s', 'x = 1'),
    parameters: { x: '5%' },
    refused: true,
  },
  // [Init] and its place between parameters and definition.
  'Init wins over the definition': {
    files: {
      'f.conf': lines(
        '[Definition]',
        'datepattern = d',
        'failregex = <x> %(x)s',
        'x = d',
        '[Init]',
        'datepattern = i',
        'x = i',
      ),
    },
  },
  'a parameter wins over Init': {
    files: { 'f.conf': lines('[Definition]', 'failregex = <x> %(x)s', 'x = d', '[Init]', 'x = i') },
    parameters: { x: 'p' },
  },
  'Init alone': { files: { 'f.conf': lines('[Definition]', 'failregex = <x>', '[Init]', 'x = i', 'maxlines = 9') } },
  'a reference to what is in Init alone': {
    files: { 'f.conf': lines('[Definition]', 'failregex = %(x)s', '[Init]', 'x = i') },
    refused: true,
  },
  'known of Init within a parameter': {
    files: { 'f.conf': lines('[Definition]', 'failregex = <x>', '[Init]', 'x = i') },
    parameters: { x: '<known/x>|more' },
  },
  'Init from two files': {
    files: {
      'f.conf': lines('[Definition]', 'failregex = <x> <known/x> <known/y>', '[Init]', 'x = i', 'y = i'),
      'f.local': lines('[Init]', 'x = local %(known/x)s'),
    },
  },
  'sections for a family': {
    files: {
      'f.conf': lines(
        '[Definition]',
        'failregex = <x> <y> <x?family=inet6>',
        '[Init?family=inet6]',
        'x = six',
        '[Init]',
        'x = four',
        'y = <x>',
      ),
    },
  },
  // Tags.
  'tags within tags': {
    files: definition('failregex = <a-<m>> <<n>> <b-<a-<m>>>', 'm = 1', 'n = m', 'a-1 = A', 'b-a = B'),
  },
  'tags of sections': {
    files: {
      'f.conf': lines(
        '[DEFAULT]',
        'd = def',
        '[Definition]',
        'failregex = <lt_<l>/x> <lt_a/d> <lt_a/nothing> <default/d> <Default/d> <KNOWN/l> <known/l>',
        'l = a',
        '[lt_a]',
        'x = %(d)s <d>',
        '[lt_b]',
        'x = b',
      ),
    },
  },
  'tags without a meaning stay': {
    files: definition('failregex = <HOST> <F-USER>x</F-USER> <nothing> a<b c>d <> << >> <<HOST>>'),
  },
  'tags of lines': { files: definition('failregex = <many>', '   <one>', 'many = a', '  b', '', '  c', 'one = 1') },
  'a tag that is itself': { files: definition('failregex = x<failregex>'), refused: true },
  'tags in a circle': { files: definition('failregex = <a>', 'a = <b>', 'b = <a>'), refused: true },
  'a circle that nobody uses': { files: definition('failregex = x', 'a = <b>', 'b = <a>') },
  'a tag that grows': { files: definition('failregex = <a>', 'a = x<a>'), refused: true },
  'a tag that comes back 24 times': { files: definition('failregex = <a0>', ...chain(24)) },
  'a tag that comes back 30 times': { files: definition('failregex = <a0>', ...chain(30)), refused: true },
  'tags in capitals': { files: definition('failregex = <X> <x>', 'x = 1') },
  'tags by references': { files: definition('failregex = %(t)s', 't = <x>', 'x = 1%%') },
  'a parameter in capitals': {
    files: definition('failregex = <MODE> <mode> %(mode)s', 'mode = own'),
    parameters: { MODE: 'given' },
  },
  'a mode': {
    files: definition(
      'failregex = %(base)s',
      '  <re-<mode>>',
      'base = b',
      're-normal =',
      're-more = m',
      '  n',
      'mode = normal',
    ),
    parameters: { mode: 'more' },
  },
  'a mode that is not there': {
    files: definition('failregex = %(base)s', '  <re-<mode>>', 'base = b', 're-normal =', 'mode = normal'),
    parameters: { mode: 'odd' },
  },
  'the log type of the definition stays': { files: definition('failregex = <logtype>', 'logtype = own') },
  'the log type of a default does not': {
    files: { 'f.conf': lines('[DEFAULT]', 'logtype = own', '[Definition]', 'failregex = <logtype> %(logtype)s') },
  },
  // The dialect.
  comments: {
    files: definition(
      '# a',
      '  ; b',
      'failregex = a ; b',
      '   # no line',
      '   c;d\t; e',
      '   f # g',
      '',
      'ignoreregex = ;x',
      '  y',
    ),
  },
  'colons, spaces around names, empty values': {
    files: definition('failregex: a = b', 'x y  = 1', 'ignoreregex', ' = 2'),
    refused: true,
  },
  'names with spaces': { files: definition('failregex: a = b : c', 'x y  = 1', 'ignoreregex = %(x y)s') },
  'blank lines within a value': { files: definition('failregex = a', '', '', '  b', '', 'ignoreregex =', '', '  c') },
  'deeper and deeper': { files: definition('  failregex = a', '    b', '   c', '  ignoreregex = d') },
  'an option as deep as its continuation': {
    files: definition('  failregex = a', '  ignoreregex = b', 'datepattern = c'),
  },
  'a continuation of nothing': { files: { 'f.conf': lines('[Definition]', '  what') }, refused: true },
  'an indented section': {
    files: { 'f.conf': lines('  [Definition]', '  failregex = a', '  [Init]', 'maxlines = 2') },
  },
  'text behind a section': { files: { 'f.conf': lines('[Definition] what', 'failregex = a', '[x]y]') } },
  'a section within a value': { files: definition('failregex = a', '  [Init]', 'ignoreregex = b') },
  'line ends of Windows': { files: { 'f.conf': '[Definition]\r\nfailregex = a\r\n  b\r\n' } },
  'line ends of old': { files: { 'f.conf': '[Definition]\rfailregex = a\r  b\r' } },
  'other spaces': {
    files: definition('failregex = a\u00a0;b \u2003; c', '\u00a0\u00a0d\u0085', 'ignoreregex =\u3000e\u001f'),
  },
  'other line ends are none': { files: definition('failregex = a\u2028b\u000bc\u000cd') },
  'a byte order mark': { files: { 'f.conf': '\ufeff[Definition]\nfailregex = a\n' }, refused: true },
  'letters of the world': { files: definition('failregex = %(größe)s ünïcödé 漢字 😀', 'Größe = 1') },
  'an option twice': { files: definition('failregex = a', 'FAILREGEX = b'), refused: true },
  'a section twice': {
    files: { 'f.conf': lines('[Definition]', 'failregex = a', '[x]', '[Definition]') },
    refused: true,
  },
  'defaults twice': {
    files: { 'f.conf': lines('[DEFAULT]', 'failregex = a', '[Definition]', '[DEFAULT]', 'maxlines = 2') },
  },
  'a default twice': {
    files: { 'f.conf': lines('[DEFAULT]', 'failregex = a', '[DEFAULT]', 'failregex = b', '[Definition]') },
    refused: true,
  },
  'no section': { files: { 'f.conf': 'failregex = a\n' }, refused: true },
  'a line that is no option': { files: definition('failregex = a', 'nothing'), refused: true },
  'an option without a name': { files: definition('failregex = a', '= b'), refused: true },
  'names of objects': {
    files: definition('failregex = %(constructor)s <__proto__> <constructor>', 'constructor = c', '__proto__ = p'),
  },
};

/** Writes the files of a case below `directory`, the folder that `filter.d` is in. */
function write(directory: string, files: Tree): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, 'filter.d', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

t.test('trees of our own', async (t) => {
  const root = t.testdir();
  const cases = Object.entries(CASES);
  const questions = cases.map(([, { files, filter = 'f', parameters = {} }], index): Question => {
    const directory = join(root, `${index}`);
    write(directory, files);
    return { filter, directory, parameters, logtype: 'file' };
  });
  for (const [index, comparison] of (await compareFilters(questions)).entries()) {
    const [name, { refused = false }] = cases[index] as [string, Case];
    if (!comparison.same) t.same(comparison.ours, comparison.theirs, name);
    t.equal(comparison.refused, refused, refused ? `${name}: both refuse` : name);
  }
});
