/**
 * Reading by character codes, of ASCII alone. What is read is told apart from what is not by a negative answer; behind the line's
 * end charCodeAt answers NaN, which compares false with everything.
 */

export const TAB = 0x09;
export const SPACE = 0x20;
export const PLUS = 0x2b;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const COMMA = 0x2c;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const LETTER_T = 0x54;
export const LETTER_Z = 0x5a;
const ZERO = 0x30;

export const isDigit = (code: number): boolean => code >= ZERO && code <= 0x39;

const isWord = (code: number): boolean =>
  isDigit(code) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;

/** Whether a date that ends in a digit or a letter can end before this place: the line ends there, or a word. */
export function isEnd(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return at >= line.length || (code < 0x80 && !isWord(code));
}

/** The offset of a line's first word if at most two other characters are before it. */
export function firstWord(line: string): number {
  for (let at = 0; at <= 2; at++) {
    const code = line.charCodeAt(at);
    if (isWord(code)) return at;
    if (!(code < 0x80)) return -1;
  }
  return -1;
}

/** Two digits between `least` and `most`. */
export function twoDigits(line: string, at: number, least: number, most: number): number {
  const tens = line.charCodeAt(at) - ZERO;
  const ones = line.charCodeAt(at + 1) - ZERO;
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9)) return -1;
  const value = tens * 10 + ones;
  return value >= least && value <= most ? value : -1;
}

/** Four digits. */
export function fourDigits(line: string, at: number): number {
  const high = twoDigits(line, at, 0, 99);
  const low = twoDigits(line, at + 2, 0, 99);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** How many digits there are, counted up to seven. */
export function digitsAt(line: string, at: number): number {
  let count = 0;
  while (count < 7 && isDigit(line.charCodeAt(at + count))) count++;
  return count;
}

const MONTHS = new Map(
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ').map((name, index) => [name, index + 1]),
);
const WEEKDAYS = new Set('Mon Tue Wed Thu Fri Sat Sun'.split(' '));

/** From 1, as most programs write it: `Nov`. */
export const monthAt = (line: string, at: number): number => MONTHS.get(line.slice(at, at + 3)) ?? -1;

export const isWeekday = (line: string, at: number): boolean => WEEKDAYS.has(line.slice(at, at + 3));
