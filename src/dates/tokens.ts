import { DropsetError } from '../model/errors.js';
import { decadesOf, type YearRange } from './years.js';

/** A `%` token: the regular expression behind it, and its name as fail2ban-regex prints it. */
interface Token {
  readonly regex: string;
  readonly name: string;
}

const group = (name: string, body: string): string => `(?P<${name}>${body})`;

const WEEKDAY = 'mon|tue|wed|thu|fri|sat|sun';
const MONTH = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const WEEKDAYS = 'wednesday|thursday|saturday|tuesday|monday|friday|sunday';
const MONTHS = 'september|february|november|december|january|october|august|march|april|june|july|may';

const HOURS = '2[0-3]|[01]\\d';
const SECONDS = '[0-5]\\d|6[01]';
const ZONE = '[A-Z](?:[A-Z]{2,4})?';
const OFFSET = '[+-][01]\\d(?::?\\d{2})?';
const WEEK = group('W', '5[0-3]|[0-4]\\d|\\d');

/** The same fields as CPython's own strptime reads them, which `%c`, `%x` and `%X` are put together from (in the C locale). */
const PLAIN = {
  day: group('d', '3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]'),
  month: group('m', '1[0-2]|0[1-9]|[1-9]'),
  time: `${group('H', `${HOURS}|\\d`)}:${group('M', '[0-5]\\d|\\d')}:${group('S', `6[01]|[0-5]\\d|\\d`)}`,
};

/**
 * Every token but `%ExY`, whose years depend on the clock. The two-digit forms of `%Ex` are exact; the others take what strptime
 * takes, a single digit or a leading space among it (server/strptime.py, and CPython's _strptime.py).
 */
const TOKENS: Readonly<Record<string, Token>> = {
  '%': { regex: '%', name: '%' },
  a: { regex: group('a', WEEKDAY), name: 'DAY' },
  A: { regex: group('A', WEEKDAYS), name: 'DAYNAME' },
  b: { regex: group('b', MONTH), name: 'MON' },
  B: { regex: group('B', MONTHS), name: 'MONTH' },
  c: {
    regex: [group('a', WEEKDAY), group('b', MONTH), PLAIN.day, PLAIN.time, group('Y', '\\d{4}')].join('\\s+'),
    name: '%c',
  },
  d: { regex: group('d', '[12]\\d|[0 ]?[1-9]|3[01]'), name: 'Day' },
  f: { regex: group('f', '[0-9]{1,6}'), name: 'Microseconds' },
  G: { regex: group('G', '\\d{4}'), name: '%G' },
  H: { regex: group('H', '[01]?\\d|2[0-3]'), name: '24hour' },
  I: { regex: group('I', '1[0-2]|0[1-9]|[1-9]'), name: '12hour' },
  j: { regex: group('j', '36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]'), name: 'Yearday' },
  k: { regex: ` ?${group('H', '[0-2]?\\d')}`, name: '%k' },
  l: { regex: ` ?${group('I', '1?\\d')}`, name: '%l' },
  m: { regex: group('m', '0?[1-9]|1[0-2]'), name: 'Month' },
  M: { regex: group('M', '[0-5]?\\d'), name: 'Minute' },
  p: { regex: group('p', 'am|pm'), name: 'AMPM' },
  S: { regex: group('S', '[0-5]?\\d|6[01]'), name: 'Second' },
  u: { regex: group('u', '[1-7]'), name: '%u' },
  U: { regex: WEEK.replace('<W>', '<U>'), name: 'Yearweek' },
  V: { regex: group('V', '5[0-3]|0[1-9]|[1-4]\\d|\\d'), name: '%V' },
  w: { regex: group('w', '[0-6]'), name: 'Weekday' },
  W: { regex: WEEK, name: 'Yearweek' },
  x: { regex: [PLAIN.month, PLAIN.day, group('y', '\\d\\d')].join('/'), name: '%x' },
  X: { regex: PLAIN.time, name: '%X' },
  y: { regex: group('y', '\\d\\d'), name: 'Year2' },
  Y: { regex: group('Y', '\\d{4}'), name: 'Year' },
  z: { regex: group('z', `Z|UTC|GMT|${OFFSET}`), name: 'Zone offset' },
  Z: { regex: group('Z', 'Z|[A-Z]{3,5}'), name: 'Zone name' },
  Exd: { regex: group('d', '[12]\\d|0[1-9]|3[01]'), name: 'ExDay' },
  ExH: { regex: group('H', `[01]\\d|2[0-3]`), name: 'Ex24hour' },
  Exk: { regex: ` ?${group('H', '[01]?\\d|2[0-3]')}`, name: '%Exk' },
  Exl: { regex: ` ?${group('I', '1[0-2]|\\d')}`, name: '%Exl' },
  Exm: { regex: group('m', '0[1-9]|1[0-2]'), name: 'ExMonth' },
  ExM: { regex: group('M', '[0-5]\\d'), name: 'ExMinute' },
  ExS: { regex: group('S', SECONDS), name: 'ExSecond' },
  Exy: { regex: group('y', '\\d{2}'), name: 'ExYear2' },
  Exz: { regex: group('z', `(?:${ZONE})?${OFFSET}|${ZONE}`), name: 'ExZone offset' },
  ExZ: { regex: group('Z', ZONE), name: 'ExZone name' },
};

const exactYear = (years: YearRange): Token => ({
  regex: group('Y', `(?:${decadesOf(years).join('|')})\\d`),
  name: 'ExYear',
});

const SEQUENCE = /%(Ex[A-Za-z]|[%A-Za-z])?/g;

/**
 * Puts regular expressions, or names, in the place of a date pattern's tokens.
 *
 * @throws DropsetError `filter`, for a `%` that begins no token.
 */
export function expandTokens(pattern: string, years: YearRange): Token {
  const expand = (part: keyof Token): string =>
    pattern.replace(SEQUENCE, (sequence, key: string | undefined) => {
      const token = key === 'ExY' ? exactYear(years) : key !== undefined && Object.hasOwn(TOKENS, key) && TOKENS[key];
      if (token) return token[part];
      throw new DropsetError(
        'filter',
        `date pattern '${pattern}': '${sequence}' is no date token; write %% for a percent sign, or see strptime(3)`,
      );
    });
  return { regex: expand('regex'), name: expand('name') };
}

/** Whether a token stands for a word: fail2ban then ignores case in the whole pattern. `%%b` is no such token. */
export const hasWords = (pattern: string): boolean => /(?<!%)%[aAbBpc]/.test(pattern);
