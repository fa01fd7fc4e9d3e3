/**
 * Space as Python's `str.strip` and `str.isspace` know it. JavaScript's `trim` differs: it takes U+FEFF and leaves
 * U+001C to U+001F and U+0085.
 */
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';

const ONE = new RegExp(SPACE);

/** Whether the character is space; the empty string is none. */
export const isSpace = (character: string): boolean => ONE.test(character);

/** The index of the first character that is no space; -1 where there is none. */
export function indent(text: string): number {
  for (let at = 0; at < text.length; at++) if (!isSpace(text.charAt(at))) return at;
  return -1;
}

export const strip = (text: string): string => stripEnd(text).slice(Math.max(0, indent(text)));

export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The index of the first character at or behind `from` that is no space: the length where there is none. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  return at;
}
