import { type CivilDate, DAY, dateOf, dayNumber, HOUR, isCivil, MINUTE, SECOND, weekdayOf } from './civil.js';
import type { Fields } from './fields.js';
import type { LocalZone } from './local-zone.js';

/** Where and when a log is read: what a date leaves out is taken from here. */
export interface Setting {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly zone: LocalZone;
  /** Minutes east of UTC of a log whose dates have no zone, where the operator said so; else they are in `zone`. */
  readonly logMinutes?: number;
}

/**
 * The time of a date, in milliseconds since the epoch, by fail2ban's rules (server/strptime.py, reGroupDictStrptime): a date
 * without a year is of this year, unless that is more than a day ahead; a time without a date is of today, unless that is ahead.
 * Fractions of a second do not count.
 *
 * @returns undefined for a date that does not exist: February 30, a 24th hour, a leap second.
 */
export function timeOf(fields: Fields, setting: Setting): number | undefined {
  const zone = fields.zone ?? setting.logMinutes;
  const wall = wallOf(fields, zone, setting);
  if (wall === undefined || !isCivil(wall)) return undefined;
  return zone === undefined ? setting.zone.timeOf(wall) : wall;
}

/** In the local zone where `zone` is undefined, else in UTC; but what is ahead is told by the local clock in both cases, as there. */
function wallOf(fields: Fields, zone: number | undefined, setting: Setting): number | undefined {
  const clock = clockOf(fields);
  if (clock === undefined) return undefined;
  if (fields.year !== undefined && fields.month !== undefined && fields.day !== undefined) {
    const days = dayNumber(fields.year, fields.month, fields.day);
    return days === undefined ? undefined : days * DAY + clock - (zone ?? 0) * MINUTE;
  }
  const now = setting.zone.wallAt(setting.now());
  const date = completed(fields, dateOf(Math.floor(now / DAY)));
  const days = dayNumber(date.year, date.month, date.day);
  if (days === undefined) return undefined;
  const wall = days * DAY + clock - (zone ?? 0) * MINUTE;
  if (!isCivil(wall)) return undefined;
  return notAhead(wall, now, date, fields);
}

/** The time of day; undefined for one that no clock of Python's shows. */
function clockOf({ hour, minute, second }: Fields): number | undefined {
  const isReal = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return isReal ? hour * HOUR + minute * MINUTE + second * SECOND : undefined;
}

/** A date whose missing parts are today's. A month without a day, or a day without a month, is no date: its day is NaN. */
function completed(fields: Fields, today: CivilDate): CivilDate {
  const year = fields.year ?? today.year;
  const { month, day } = fields;
  if (month !== undefined && day !== undefined) return { year, month, day };
  const yearday = yeardayOf(fields, year);
  const first = dayNumber(year, 1, 1);
  if (yearday !== undefined && first !== undefined) return dateOf(first + yearday - 1);
  if (month === undefined && day === undefined) return { year, month: today.month, day: today.day };
  return { year, month: month ?? Number.NaN, day: day ?? Number.NaN };
}

/** The day of the year, from 1: as it stands there, or from a week and a weekday (CPython, _calc_julian_from_U_or_W). */
function yeardayOf(fields: Fields, year: number): number | undefined {
  const { yearday, week, weekday } = fields;
  if (yearday !== undefined || week === undefined || weekday === undefined) return yearday;
  const shift = week.isFromMonday ? 0 : 1;
  const first = (weekdayOf(dayNumber(year, 1, 1) ?? Number.NaN) + shift) % 7;
  const day = (weekday + shift) % 7;
  if (week.number === 0) return 1 + day - first;
  return 1 + ((7 - first) % 7) + 7 * (week.number - 1) + day;
}

/** Yesterday for a time of day that is ahead; last year for a date that is more than a day ahead, which need not exist there. */
function notAhead(wall: number, now: number, date: CivilDate, fields: Fields): number | undefined {
  const isToday = fields.month === undefined && fields.day === undefined && !hasYearday(fields);
  const past = isToday && wall > now ? wall - DAY : wall;
  if (fields.year !== undefined || past <= now + DAY) return past;
  const days = dayNumber(date.year - 1, date.month, date.day);
  return days === undefined ? undefined : days * DAY + (past - Math.floor(past / DAY) * DAY);
}

const hasYearday = ({ yearday, week, weekday }: Fields): boolean =>
  yearday !== undefined || (week !== undefined && weekday !== undefined);
