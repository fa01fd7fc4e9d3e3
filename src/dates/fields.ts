import { numberOf } from './digits.js';
import { zoneMinutes } from './zones.js';

/** What a date template found, by the names of its tokens. */
export type Groups = Readonly<Record<string, string | undefined>>;

/** What a date says of itself. Months, days and days of the year count from 1; weekdays from 0, Monday. */
export class Fields {
  year: number | undefined = undefined;
  month: number | undefined = undefined;
  day: number | undefined = undefined;
  hour = 0;
  minute = 0;
  second = 0;
  /** Minutes east of UTC. */
  zone: number | undefined = undefined;
  weekday: number | undefined = undefined;
  yearday: number | undefined = undefined;
  /** The week's number, and whether weeks begin on Mondays (`%W`) or on Sundays (`%U`). */
  week: { readonly number: number; readonly isFromMonday: boolean } | undefined = undefined;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const short = (words: readonly string[]): string[] => words.map((name) => name.slice(0, 3));

/**
 * Puts one group's text into the fields; false if it means nothing there. Where two groups say the same, the later one holds:
 * fail2ban goes through them in the pattern's order. `%f %G %u %V` and groups of other names are taken and ignored.
 */
type Reader = (fields: Fields, text: string, groups: Groups) => boolean;

/** A reader of a whole number. */
const number =
  (put: (fields: Fields, value: number) => void): Reader =>
  (fields, text) => {
    const value = numberOf(text);
    if (!Number.isInteger(value) || text.includes('.')) return false;
    put(fields, value);
    return true;
  };

/** A reader of a word, in whatever case. */
const word =
  (words: readonly string[], put: (fields: Fields, index: number) => void): Reader =>
  (fields, text) => {
    const index = words.indexOf(text.toLowerCase());
    if (index >= 0) put(fields, index);
    return index >= 0;
  };

const month = (words: readonly string[]): Reader =>
  word(words, (fields, index) => {
    fields.month = index + 1;
  });
const weekday = (words: readonly string[]): Reader =>
  word(words, (fields, index) => {
    fields.weekday = index;
  });
const week = (isFromMonday: boolean): Reader =>
  number((fields, value) => {
    fields.week = { number: value, isFromMonday };
  });

const zone: Reader = (fields, text) => {
  const minutes = zoneMinutes(text);
  if (minutes === undefined) return false;
  fields.zone = minutes;
  return true;
};

/** Twelve is the first hour of a half day; without a word it is the morning. */
const halfDayHour: Reader = (fields, text, groups) => {
  const value = numberOf(text);
  const half = 'p' in groups ? groups.p?.toLowerCase() : '';
  if (half === undefined) return false;
  fields.hour = value;
  if (half === 'pm') fields.hour = value === 12 ? 12 : value + 12;
  else if ((half === '' || half === 'am') && value === 12) fields.hour = 0;
  return Number.isInteger(value);
};

const READERS: Readonly<Record<string, Reader>> = {
  y: number((fields, value) => {
    fields.year = value <= 2000 ? value + 2000 : value;
  }),
  Y: number((fields, value) => {
    fields.year = value;
  }),
  m: number((fields, value) => {
    fields.month = value;
  }),
  b: month(short(MONTHS)),
  B: month(MONTHS),
  d: number((fields, value) => {
    fields.day = value;
  }),
  H: number((fields, value) => {
    fields.hour = value;
  }),
  I: halfDayHour,
  M: number((fields, value) => {
    fields.minute = value;
  }),
  S: number((fields, value) => {
    fields.second = value;
  }),
  a: weekday(short(WEEKDAYS)),
  A: weekday(WEEKDAYS),
  w: number((fields, value) => {
    fields.weekday = value === 0 ? 6 : value - 1;
  }),
  j: number((fields, value) => {
    fields.yearday = value;
  }),
  U: week(false),
  W: week(true),
  z: zone,
  Z: zone,
};

/**
 * Reads a date's groups, in the order of `names` (server/strptime.py, reGroupDictStrptime).
 *
 * @returns undefined where a group's text means nothing: a zone that nobody knows, a name folded from other letters.
 */
export function readFields(groups: Groups, names: readonly string[]): Fields | undefined {
  const fields = new Fields();
  for (const name of names) {
    const text = groups[name];
    const read = READERS[name];
    if (text !== undefined && read !== undefined && !read(fields, text, groups)) return undefined;
  }
  return fields;
}
