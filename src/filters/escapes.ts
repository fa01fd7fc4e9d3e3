/**
 * Python's escapes in JavaScript. In Python `\d`, `\w`, `\s` and `\b` know Unicode, in JavaScript they do not; a
 * user name in Cyrillic must not make the difference between a hit and a miss.
 */
const WORD = String.raw`\p{L}\p{N}_`;

const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** Escapes that stand for a set of characters, inside a class and outside. */
export const SETS: ReadonlyMap<string, string> = new Map([
  ['d', String.raw`\p{Nd}`],
  ['D', String.raw`\P{Nd}`],
  ['w', `[${WORD}]`],
  ['W', `[^${WORD}]`],
  ['s', `[${SPACE}]`],
  ['S', `[^${SPACE}]`],
]);

/** Escapes that stand for a place. A line has no newline, so its end is the end. */
export const PLACES: ReadonlyMap<string, string> = new Map([
  ['A', '^'],
  ['Z', '$'],
  ['b', `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`],
  ['B', `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`],
]);

/** Escapes that stand for one control character. */
export const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['a', '\u0007'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** One character as itself, outside a class or inside: the flag `v` gives a meaning to nearly all punctuation. */
export function literal(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code > 0x7f || /[0-9A-Za-z ]/.test(character)) return character;
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
