import {
  COLON,
  COMMA,
  digitsAt,
  fourDigits,
  isDigit,
  isEnd,
  isWeekday,
  LETTER_T,
  LETTER_Z,
  MINUS,
  monthAt,
  PLUS,
  POINT,
  SLASH,
  SPACE,
  TAB,
  twoDigits,
} from './characters.js';
import { Fields } from './fields.js';
import type { YearRange } from './years.js';

/** A date as its template's regular expression would have found it. */
export interface Scanned {
  /** Behind the date; what is there, and the character behind it, have had their say. */
  readonly end: number;
  readonly fields: Fields;
}

/**
 * Reads the date at `at`. Undefined where there is none, and for whatever is rare: the regular expression has the last word. So a
 * scan is right if it answers only where the first way that the expression tries leads to its end.
 */
export type Scan = (line: string, at: number, years: YearRange) => Scanned | undefined;

/** `Nov 21 05:48:17`, `Nov  1 05:48:17`, `Sat Nov 21 05:48:17.123456 2026` */
export const scanSyslog: Scan = (line, begin, years) => {
  const at = isWeekday(line, begin) && line.charCodeAt(begin + 3) === SPACE ? begin + 4 : begin;
  const month = monthAt(line, at);
  const day = line.charCodeAt(at + 4) === SPACE ? oneDigit(line, at + 5) : twoDigits(line, at + 4, 1, 31);
  if (line.charCodeAt(at + 3) !== SPACE || line.charCodeAt(at + 6) !== SPACE) return undefined;
  const fields = fieldsOf(undefined, month, day, line, at + 7);
  const end = fields && fractionEnd(line, at + 15, false);
  return end === undefined || fields === undefined ? undefined : yearBehind(line, end, fields, years);
};

/** `2026-11-21T05:48:17.123456+01:00`, `2026/11/21 05:48:17`, `2026-11-21 05:48:17,123` */
export const scanIso: Scan = (line, at, years) => {
  const separator = line.charCodeAt(at + 4);
  const between = line.charCodeAt(at + 10);
  const isSeparated = separator === MINUS || separator === SLASH || separator === POINT;
  if (!isSeparated || line.charCodeAt(at + 7) !== separator) return undefined;
  if (between !== SPACE && between !== LETTER_T) return undefined;
  const month = twoDigits(line, at + 5, 1, 12);
  const fields = fieldsOf(yearAt(line, at, years), month, twoDigits(line, at + 8, 1, 31), line, at + 11);
  const end = fields && fractionEnd(line, at + 19, true);
  if (end === undefined || fields === undefined) return undefined;
  const isBlank = line.charCodeAt(end) === SPACE || line.charCodeAt(end) === TAB;
  return zoneAt(line, isBlank ? end + 1 : end, end, fields);
};

/** `21/Nov/2026:05:48:17 +0100`, `21-Nov-2026 05:48:17.123` */
export const scanClf: Scan = (line, at, years) => {
  const separator = line.charCodeAt(at + 2);
  const between = line.charCodeAt(at + 11);
  if ((separator !== SLASH && separator !== MINUS) || line.charCodeAt(at + 6) !== separator) return undefined;
  if (between !== COLON && between !== SPACE) return undefined;
  const day = twoDigits(line, at, 1, 31);
  const fields = fieldsOf(yearAt(line, at + 7, years), monthAt(line, at + 3), day, line, at + 12);
  const end = fields && fractionEnd(line, at + 20, false);
  return end === undefined || fields === undefined ? undefined : zoneBehind(line, end, fields);
};

const oneDigit = (line: string, at: number): number =>
  isDigit(line.charCodeAt(at)) ? line.charCodeAt(at) - 0x30 || -1 : -1;

/** Four digits that `%ExY` takes: whole decades. */
function yearAt(line: string, at: number, { first, last }: YearRange): number {
  const year = fourDigits(line, at);
  return year >= first - (first % 10) && year <= last - (last % 10) + 9 ? year : -1;
}

/** A date and the time of day at `at`, of eight characters; undefined for 24 o'clock and leap seconds, and where -1 says so. */
function fieldsOf(year: number | undefined, month: number, day: number, line: string, at: number): Fields | undefined {
  if ((year !== undefined && year < 0) || month < 0 || day < 0) return undefined;
  const hour = twoDigits(line, at, 0, 23);
  const minute = twoDigits(line, at + 3, 0, 59);
  const second = twoDigits(line, at + 6, 0, 59);
  const isSeparated = line.charCodeAt(at + 2) === COLON && line.charCodeAt(at + 5) === COLON;
  if (!isSeparated || hour < 0 || minute < 0 || second < 0) return undefined;
  const fields = new Fields();
  fields.year = year;
  fields.month = month;
  fields.day = day;
  fields.hour = hour;
  fields.minute = minute;
  fields.second = second;
  return fields;
}

/** Behind a point (or comma) and up to six digits; where there are none, at the point. Undefined for more digits. */
function fractionEnd(line: string, at: number, isCommaToo: boolean): number | undefined {
  const code = line.charCodeAt(at);
  if (code !== POINT && !(isCommaToo && code === COMMA)) return at;
  const digits = digitsAt(line, at + 1);
  if (digits > 6) return undefined;
  return digits === 0 ? at : at + 1 + digits;
}

/** Ends a date, with the year behind it if there is one. */
function yearBehind(line: string, end: number, fields: Fields, years: YearRange): Scanned | undefined {
  if (!isEnd(line, end)) return undefined;
  if (line.charCodeAt(end) !== SPACE || !isDigit(line.charCodeAt(end + 1))) return { end, fields };
  const year = yearAt(line, end + 1, years);
  if (year < 0 || !isEnd(line, end + 5)) return undefined;
  fields.year = year;
  return { end: end + 5, fields };
}

/** Ends a date, with the zone behind a space if there is one. */
function zoneBehind(line: string, end: number, fields: Fields): Scanned | undefined {
  if (line.charCodeAt(end) !== SPACE) return isEnd(line, end) ? { end, fields } : undefined;
  return zoneAt(line, end + 1, end, fields);
}

/** Ends a date with the zone at `at`, or at `end` where there is none. Names of zones, and more space, are left to the expression. */
function zoneAt(line: string, at: number, end: number, fields: Fields): Scanned | undefined {
  const code = line.charCodeAt(at);
  if (code === PLUS || code === MINUS) return offsetAt(line, at, end, fields);
  if (code === LETTER_Z && at === end && isEnd(line, at + 1)) return zoned(at + 1, fields, 0);
  if (code <= SPACE || code >= 0x80 || code === LETTER_Z || code === 0x55 || code === 0x47) return undefined;
  return isEnd(line, end) ? { end, fields } : undefined;
}

/** `+01:00`, `+0100`, `+01`; a sign before anything else begins no zone. */
function offsetAt(line: string, at: number, end: number, fields: Fields): Scanned | undefined {
  const hours = twoDigits(line, at + 1, 0, 19);
  if (hours < 0)
    return line.charCodeAt(at + 1) < 0x80 || at + 1 >= line.length ? unzoned(line, at, end, fields) : undefined;
  const colon = line.charCodeAt(at + 3) === COLON ? 1 : 0;
  const minutes = twoDigits(line, at + 3 + colon, 0, 99);
  const zoneEnd = minutes < 0 ? at + 3 : at + 5 + colon;
  if (!isEnd(line, zoneEnd) || (minutes < 0 && colon === 1)) return undefined;
  const total = hours * 60 + Math.max(0, minutes);
  return zoned(zoneEnd, fields, line.charCodeAt(at) === MINUS ? -total : total);
}

function zoned(end: number, fields: Fields, minutes: number): Scanned {
  fields.zone = minutes;
  return { end, fields };
}

/** A sign and a digit may still be something to the expression. */
const unzoned = (line: string, at: number, end: number, fields: Fields): Scanned | undefined =>
  isDigit(line.charCodeAt(at + 1)) ? undefined : { end, fields };
