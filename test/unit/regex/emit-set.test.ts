import t from 'tap';
import { asciiSet, unicodeSet } from '../../../src/regex/emit-set.js';
import { parse } from '../../../src/regex/parse.js';

const setOf = (pattern: string) => {
  const { root } = parse(pattern);
  if (root.kind !== 'character') throw new Error(pattern);
  return root.set;
};

t.test('for text that is ASCII', async (t) => {
  const table: [string, string][] = [
    ['a', 'a'],
    ['-', '\\x2d'],
    ['[a-c]', '[a-c]'],
    ['[ab]', '[ab]'],
    ['[^a]', '[^a]'],
    ['\\d', '[0-9]'],
    ['\\W', '[^0-9A-Z_a-z]'],
    ['\\s', '[\\x09-\\x0d\\x1c- ]'],
    ['[\\s\\S]', '[^]'],
    ['ж', '[]'],
    ['[aж]', 'a'],
    ['[^ж]', '[^]'],
    ['(?i:a)', '[Aa]'],
    ['(?i:[^a])', '[^Aa]'],
    ['(?s:.)', '[^]'],
    ['.', '[^\\x0a]'],
  ];
  for (const [python, javascript] of table) t.equal(asciiSet(setOf(python)), javascript, python);
});

const hexadecimal = (character: string): string => (character.codePointAt(0) as number).toString(16);

t.test('for any text', async (t) => {
  const table: [string, inside: string, outside: string][] = [
    ['a', 'a', 'bA'],
    ['\u{1f600}', '\u{1f600}', 'a'],
    ['[^a]', 'bж\u{1f600}\n', 'a'],
    ['\\d', '1٣', 'a²'],
    ['\\D', 'a²', '1٣'],
    ['\\w', 'aж_٣²', ' -\u0301'],
    ['\\W', ' -\u0301', 'aж_٣²'],
    ['\\s', ' \u00a0\u0085\x1c\u2028', '\ufeffa'],
    ['\\S', '\ufeffa\u{1f600}', ' \u00a0'],
    ['[\\W1]', '1 -', '2ж'],
    ['[^\\W1]', '2ж', '1 -'],
    ['[\\S\\n]', 'a\n', ' '],
    ['[^\\W]', 'aж', ' '],
    ['[\\W]', ' ', 'aж'],
    ['[\\w.-]', 'ж.-', ',/'],
    ['[\\s\\S]', 'a \u{1f600}', ''],
    ['(?s:.)', 'a\n\u{1f600}', ''],
    ['(?a:\\w)', 'a1_', 'ж'],
    ['(?i:[j-l])', 'jKl\u212a', 'm'],
  ];
  for (const [python, inside, outside] of table) {
    const regexp = new RegExp(`^${unicodeSet(setOf(python))}$`, 'u');
    for (const character of inside) t.match(character, regexp, `${python} holds U+${hexadecimal(character)}`);
    for (const character of outside) t.notMatch(character, regexp, `${python} lacks U+${hexadecimal(character)}`);
  }
});
