import t from 'tap';
import { DAY, dateOf, dayNumber, isCivil, isLeap, weekdayOf } from '../../../src/dates/civil.js';

const real = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(2000, month - 1, day)).setUTCFullYear(year, month - 1, day) / DAY;

t.test('days and dates, the edges of every month of every 37th year', async (t) => {
  for (let year = 1; year <= 9999; year += 37) {
    for (let month = 1; month <= 12; month++) {
      const first = real(year, month, 1);
      const last = real(year, month + 1, 1) - 1;
      const length = last - first + 1;
      if (dayNumber(year, month, 1) !== first || dayNumber(year, month, length) !== last) t.fail(`${year}-${month}`);
      if (dayNumber(year, month, length + 1) !== undefined) t.fail(`${year}-${month}-${length + 1}`);
      t.strictSame(dateOf(first), { year, month, day: 1 });
      t.strictSame(dateOf(last), { year, month, day: length });
    }
  }
});

t.test('every day around the leap years of the century', async (t) => {
  for (let days = real(1999, 12, 1); days < real(2001, 3, 3); days++) {
    const { year, month, day } = dateOf(days);
    if (dayNumber(year, month, day) !== days) t.fail(`${days}`);
  }
  t.strictSame(dateOf(real(2000, 2, 29)), { year: 2000, month: 2, day: 29 });
});

t.test('what is no day', async (t) => {
  for (const [year, month, day] of [
    [0, 1, 1],
    [10_000, 1, 1],
    [2026, 0, 1],
    [2026, 13, 1],
    [2026, 1, 0],
    [2026, 2, 29],
    [Number.NaN, 1, 1],
    [2026, 1, Number.NaN],
  ]) {
    t.equal(dayNumber(year as number, month as number, day as number), undefined, `${year}-${month}-${day}`);
  }
});

t.test('leap years, weekdays and the range of datetime', async (t) => {
  t.strictSame([1900, 2000, 2024, 2026].map(isLeap), [false, true, true, false]);
  t.equal(weekdayOf(0), 3, '1970-01-01 was a Thursday');
  t.equal(weekdayOf(real(2026, 11, 21)), 5, 'a Saturday');
  t.equal(weekdayOf(real(1969, 12, 28)), 6, 'a Sunday before the epoch');
  t.ok(isCivil(real(1, 1, 1) * DAY));
  t.notOk(isCivil(real(1, 1, 1) * DAY - 1));
  t.ok(isCivil(real(9999, 12, 31) * DAY));
  t.notOk(isCivil(real(10_000, 1, 1) * DAY));
});
