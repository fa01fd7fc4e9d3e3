import fc from 'fast-check';
import t from 'tap';
import { DropsetError } from '../../src/model/errors.js';
import { compilePattern, type Pattern } from '../../src/regex/pattern.js';
import type { Clause } from '../../src/regex/requirement.js';
import { anyBytes, wordsOf } from './input.js';
import { tryProperty } from './property.js';

/** What a pattern is written with, whole or in halves. */
const WORDS = [
  ...[
    '(',
    '(',
    ')',
    ')',
    '[',
    ']',
    '{',
    '}',
    '|',
    '*',
    '+',
    '?',
    '.',
    '^',
    '$',
    '\\',
    '-',
    ',',
    ':',
    '=',
    '!',
    '<',
    '>',
    '#',
  ],
  ...[
    '(?',
    '(?:',
    '(?P<a>',
    '(?P=a)',
    '(?=',
    '(?!',
    '(?<=',
    '(?<!',
    '(?>',
    '(?(1)',
    '(?(a)',
    '(?i)',
    '(?s-i:',
    '(?#',
    '(?x)',
  ],
  ...[
    '{2}',
    '{1,3}',
    '{,2}',
    '{3,}',
    '{0}',
    '{99999}',
    '{4294967296}',
    '*?',
    '+?',
    '??',
    '*+',
    '++',
    '?+',
    '[^',
    '[^]',
    '[a-z]',
  ],
  ...[
    '\\d',
    '\\S+',
    '\\w',
    '\\b',
    '\\B',
    '\\A',
    '\\Z',
    '\\1',
    '\\12',
    '\\x41',
    '\\x4',
    '\\u00e9',
    '\\N{DASH}',
    '\\0',
    '\\777',
  ],
  ...[
    '[\\w-.]',
    '[[:alpha:]]',
    '[]-a]',
    'a',
    'b',
    'ab',
    ' ',
    '0',
    '\u00e9',
    '\u017f',
    '\ud83d\ude00',
    '\n',
    '\0',
    '.*',
    '(?:a|b)*',
  ],
];

/** An atom or a group that may be repeated: these are patterns more often than words in any order. */
const part = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '\\d', '\\S', '[^a]', ' ', '\\b', '^', '$', '\u00e9', '\\1', '(?P=a)'),
    fc
      .tuple(
        fc.constantFrom('(', '(?:', '(?P<a>', '(?=', '(?!', '(?<=', '(?>', '(?i:', '(?(1)', 'a|'),
        fc.array(tie('part'), { maxLength: 3 }),
        fc.constantFrom(')', ')*', ')+?', ')?', '){2,3}', '|b)*', '|)+'),
      )
      .map(([open, parts, close]) => `${open === 'a|' ? '(a|' : open}${parts.join('')}${close}`),
  ),
})).part;

const patterns = fc.array(part, { maxLength: 5 }).map((parts) => Buffer.from(parts.join('')));

/** Lines in which something is nearly found many times; the length is what may be gone through in time. */
const linesOf = (pattern: string, length: number): string[] => {
  const plain = pattern.replace(/[^a-z0-9 \u0080-\uffff]/g, '') || 'x';
  return ['a', 'ab', ' a0', 'ba ', '\u00e9a', plain].map((unit) => `${unit.repeat(length).slice(0, length)}!\n`);
};

/** What the machine does anew from each place where it succeeds (look-arounds, atomic and possessive bodies), or for each group's text. */
const REPEATED = /\(\?(?:[=!>(]|<[=!]|P=)|[*+?}]\+|\\[1-9]/;

/**
 * V8 judges lines of up to 2,048 characters also where its time grows as a power of their length, and longer ones where the machine
 * cannot; so does the machine's own time for some patterns. The detection thread has a guard for that. All others must be good for lines
 * of any length.
 */
const lengthsFor = ({ engine, risk, python }: Pattern): number[] =>
  (engine === 'v8' ? risk === 'none' : !REPEATED.test(python)) ? [16, 3000] : [16];

function isSearched(pattern: Pattern, text: string): void {
  const match = pattern.exec(text);
  if (pattern.test(text) !== (match !== undefined)) throw new Error('exec and test differ');
  if (!match) return;
  const { index, end, groups, spans = [] } = match;
  for (const span of [[index, end] as const, ...spans]) {
    if (span && !(0 <= span[0] && span[0] <= span[1] && span[1] <= text.length)) throw new Error(`a span ${span}`);
  }
  for (const name of pattern.groupNames) if (!(name in groups)) throw new Error(`no group ${name}`);
  const missing = pattern.requirement.find((clause) => !isIn(clause, text));
  if (missing) throw new Error(`a match without ${JSON.stringify(missing)}`);
}

function isIn({ literals, ignoreCase }: Clause, text: string): boolean {
  // Beyond ASCII such a clause has to be passed unseen.
  if (ignoreCase && /[^\0-\x7f]/.test(text)) return true;
  return literals.some((literal) => (ignoreCase ? text.toLowerCase() : text).includes(literal));
}

function compiled(python: string, indices: boolean): Pattern | undefined {
  try {
    return compilePattern(python, { indices });
  } catch (thrown) {
    if (thrown instanceof DropsetError && thrown.code === 'filter') return undefined;
    throw thrown;
  }
}

function holds(bytes: Buffer): void {
  const python = bytes.toString('utf8');
  const pattern = compiled(python, bytes.length % 2 === 0);
  if (!pattern) return;
  for (const length of lengthsFor(pattern)) {
    for (const line of linesOf(python, length)) isSearched(pattern, line);
  }
}

t.test('any text is a pattern that finds something or nothing in time, or is refused', async (t) => {
  tryProperty(t, 'regex', { bytes: fc.oneof(anyBytes(30), wordsOf(WORDS, 20), patterns), holds });
});
