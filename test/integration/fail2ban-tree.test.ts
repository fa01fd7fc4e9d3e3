import t from 'tap';
import { type Case, compareCases, definition, lines } from '../fail2ban-cases.js';

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
};

t.test('precedence, includes, references, [Init]', async (t) => compareCases(t, CASES));
