import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILTERS = '.cache/fail2ban/etc/fail2ban/filter.d';

/** Every datepattern that a stock filter spells out, and the words that stand for several; undefined for no pattern. */
export function stockPatterns(): (string | undefined)[] {
  const found = readdirSync(FILTERS)
    .filter((name) => name.endsWith('.conf'))
    .flatMap((name) => [
      ...readFileSync(join(FILTERS, name), 'utf8').matchAll(/^(?:\S*\/)?datepattern = (.*(?:\n[ \t]+.*)*)/gm),
    ])
    .map(([, text = '']) => text.replaceAll('%%', '%').replace(/\s+;.*/, ''));
  const words = '{^LN-BEG} {DEFAULT} {NONE} {DATE} ^{DATE} EPOCH LEPOCH TAI64N ^EPOCH epoch'.split(' ');
  return [undefined, ...new Set([...words, ...found.filter((text) => !/<(?:lt|L)_|%\(/.test(text))])];
}

/** Formats of the strftime kind that logs have; `%T` is the time, `%e` a day that may have a space, `%x` the rest of a month's name. */
export const FORMATS = [
  '%b %e %T',
  '%a %b %e %T %Y',
  '%a %b %e %Y %T',
  '%a %b %e %T.%f %Y',
  '%Y-%m-%d %T',
  '%Y-%m-%dT%T',
  '%Y-%m-%dT%T.%fZ',
  '%Y-%m-%dT%T+01:00',
  '%Y-%m-%d %T,%f',
  '%Y-%m-%d %T -0530',
  '%Y-%m-%d %T UTC',
  '%Y/%m/%d %T',
  '%Y.%m.%d %T',
  '%d/%m/%Y %T',
  '%d/%m/%y %T',
  '%d/%b/%Y:%T',
  '%d/%b/%Y:%T +0100',
  '%d-%b-%Y %T.%f',
  '%m/%d/%Y:%T',
  '%m-%d-%Y %T.%f',
  '%T',
  '%b-%d-%y %T',
  '%y%m%d %T',
  '%Y%m%dT%H%M%S',
  '%Y%m%d%H%M%S',
  '%Y%m%d  %H%M%S',
  '%b %d, %Y %T AM',
  '%b %d, %Y 11:%M:%S PM',
  '<%m/%d/%y@%T>',
  'PDT %b %d %T',
  'error %b %d %T',
  '+01:00 %b %d %T',
  '%m-%d %T',
  '%Y:%m:%d-%T',
  't=%Y-%m-%dT%T+0100',
  '%d/%b%x/%Y:%T +0100',
];

type Day = readonly [year: number, month: number, day: number, time: string];

/** Days and times at the calendar's edges, at those of daylight-saving time in Zurich and New York, and some that do not exist. */
const DAYS: readonly Day[] = [
  [2026, 11, 21, '05:48:17'],
  [2026, 11, 21, '23:59:59'],
  [2026, 11, 22, '06:00:01'],
  [2026, 11, 23, '07:30:00'],
  [2026, 12, 31, '23:59:59'],
  [2026, 1, 1, '00:00:00'],
  [2024, 2, 29, '12:00:00'],
  [2025, 2, 29, '12:00:00'],
  [2026, 2, 30, '12:00:00'],
  [2026, 4, 31, '12:00:00'],
  [2026, 3, 29, '01:59:59'],
  [2026, 3, 29, '02:00:00'],
  [2026, 3, 29, '02:30:00'],
  [2026, 3, 29, '03:00:00'],
  [2026, 10, 25, '01:30:00'],
  [2026, 10, 25, '02:30:00'],
  [2026, 10, 25, '03:00:00'],
  [2026, 10, 25, '02:30:00'],
  [2026, 3, 8, '02:30:00'],
  [2026, 11, 1, '00:30:00'],
  [2026, 11, 1, '01:30:00'],
  [2026, 11, 1, '02:30:00'],
  [2026, 11, 1, '01:30:00'],
  [1999, 12, 31, '23:59:59'],
  [2000, 1, 1, '00:00:00'],
  [2029, 12, 31, '23:59:59'],
  [2030, 1, 1, '00:00:00'],
  [1970, 1, 1, '00:30:00'],
  [1901, 12, 13, '20:45:52'],
  [9999, 12, 31, '23:59:59'],
  [1, 1, 1, '00:00:00'],
  [2026, 6, 5, '24:00:00'],
  [2026, 6, 5, '23:59:60'],
  [2026, 6, 5, '4:05:06'],
  [2005, 8, 14, '12:00:01'],
  [2005, 8, 14, '11:59:59'],
];

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const WEEKDAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const two = (number: number): string => String(number).padStart(2, '0');

export function dateText(format: string, [year, month, day, time]: Day): string {
  const [hour = '', minute = '', second = ''] = time.split(':');
  const tokens: Record<string, string | undefined> = {
    Y: String(year).padStart(4, '0'),
    y: two(year % 100),
    m: two(month),
    d: two(day),
    e: String(day).padStart(2),
    T: time,
    b: MONTHS[month - 1],
    a: WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()],
    H: hour,
    M: minute,
    S: second,
    f: '123456',
    x: 'ember',
  };
  return format.replace(/%(\w)/g, (_, token: string) => tokens[token] ?? '');
}

/** Every day in every format. */
export const dates: readonly string[] = FORMATS.flatMap((format) => DAYS.map((day) => dateText(format, day)));

/** What may stand around a date. */
export const AROUND: readonly (readonly [before: string, behind: string])[] = [
  ['', ' host x'],
  ['[', '] x'],
  ['[[', ']'],
  ['#!?', ' x'],
  ['x ', ' y'],
  ['word', ' y'],
  ['', 'y'],
  ['', ''],
  ['', ' '],
  ['', '.7'],
  ['', ' 2026 x'],
  ['', ' 20265'],
  ['', ' +0100 x'],
  ['', '\tx'],
  ['é', ' x'],
  ['', 'é'],
  ['', ' é'],
  ['😀 ', ' 😀'],
  ['', '٣'],
  ['', ' Z'],
  ['192.0.2.7 - - [', '] "GET / HTTP/1.1" 200'],
  ['<34>1 ', ' host'],
  ['^', ','],
  ['', ' [2026-11-21 05:48:17] x'],
  ['a [b] [', ']'],
];

/** A generator of numbers below `limit`, the same each time. */
export function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % limit;
  };
}

const CHARACTERS = [...' 0123456789:.,-/+TZJanovUGMT[]x\té٣ſ'];

/** A text of which one to three characters were changed, left out or added, near its begin. */
export function mutated(text: string, below: (limit: number) => number): string {
  let result = text;
  for (let count = 1 + below(3); count > 0; count--) {
    const at = below(Math.min(result.length + 1, 60));
    const added = below(3) === 0 ? '' : (CHARACTERS[below(CHARACTERS.length)] as string);
    result = result.slice(0, at) + added + result.slice(at + below(2));
  }
  return result;
}
