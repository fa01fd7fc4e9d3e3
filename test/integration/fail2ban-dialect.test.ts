import t from 'tap';
import { type Case, compareCases, definition, lines } from '../fail2ban-cases.js';

/** Values that lead on to the next and use one tag each. */
const chain = (length: number): string[] => [
  'x = 1',
  ...Array.from({ length }, (_, index) => `a${index} = <x><a${index + 1}>`),
  `a${length} = end`,
];

const CASES: Readonly<Record<string, Case>> = {
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

t.test('tags, and the dialect of the files', async (t) => compareCases(t, CASES));
