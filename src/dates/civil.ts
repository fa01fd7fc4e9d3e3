/**
 * Wall-clock arithmetic in the proleptic Gregorian calendar, without a zone: a wall time is the number of milliseconds that
 * would be since the Unix epoch if the zone were UTC. As Python's datetime, it has the years 1 to 9999.
 */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const DAYS_BEFORE = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (DAYS_IN[month] as number));

/** Days from 1970-01-01 to the first of January. */
function daysToYear(year: number): number {
  const before = year - 1;
  return before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719_162;
}

/** The day's number since 1970-01-01; undefined for a day that the calendar does not have. Months and days count from 1. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)))
    return undefined;
  const leap = month > 2 && isLeap(year) ? 1 : 0;
  return daysToYear(year) + (DAYS_BEFORE[month] as number) + leap + day - 1;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The date of a day's number: the year by its mean length, corrected by one, and the month by its mean length. */
export function dateOf(days: number): CivilDate {
  let year = Math.floor(days / 365.2425) + 1970;
  if (daysToYear(year + 1) <= days) year++;
  if (daysToYear(year) > days) year--;
  let month = 1;
  let rest = days - daysToYear(year);
  while (rest >= daysIn(year, month)) rest -= daysIn(year, month++);
  return { year, month, day: rest + 1 };
}

/** From 0, Monday, as in Python; 1970-01-01 was a Thursday. */
export const weekdayOf = (days: number): number => (((days + 3) % 7) + 7) % 7;

const FIRST = -62_135_596_800_000;
const END = 253_402_300_800_000;

/** Whether a wall time lies in the years 1 to 9999. */
export const isCivil = (wall: number): boolean => wall >= FIRST && wall < END;
