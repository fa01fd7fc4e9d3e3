import t from 'tap';
import { Fields } from '../../../src/dates/fields.js';
import { LocalZone } from '../../../src/dates/local-zone.js';
import { timeOf } from '../../../src/dates/moment.js';

const ZURICH = new LocalZone('Europe/Zurich');

interface Given {
  readonly now?: string;
  readonly logMinutes?: number;
}

/** The time of some fields, read at `now`, as ISO text. */
function at(some: Partial<Fields>, { now = '2026-11-21T06:00:00Z', logMinutes }: Given = {}): string | undefined {
  const fields = Object.assign(new Fields(), some);
  const setting = { now: () => Date.parse(now), zone: ZURICH, ...(logMinutes === undefined ? {} : { logMinutes }) };
  const time = timeOf(fields, setting);
  return time === undefined ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
}

const DATE = { year: 2026, month: 11, day: 20 };

t.test('a whole date is local, or of its own zone, or of the log', async (t) => {
  t.equal(at({ ...DATE, hour: 5, minute: 48, second: 17 }), '2026-11-20T04:48:17Z');
  t.equal(at({ ...DATE, hour: 5, zone: 0 }), '2026-11-20T05:00:00Z');
  t.equal(at({ ...DATE, hour: 5, zone: 90 }), '2026-11-20T03:30:00Z');
  t.equal(at({ ...DATE, hour: 5 }, { logMinutes: -60 }), '2026-11-20T06:00:00Z');
  t.equal(at({ ...DATE, hour: 5, zone: 0 }, { logMinutes: -60 }), '2026-11-20T05:00:00Z');
});

t.test('dates and times that do not exist', async (t) => {
  const none: Partial<Fields>[] = [
    { ...DATE, month: 13 },
    { ...DATE, day: 31 },
    { ...DATE, day: 0 },
    { ...DATE, year: 0 },
    { ...DATE, year: 10_000 },
    { ...DATE, month: 2, day: 29 },
    { ...DATE, hour: 24 },
    { ...DATE, minute: 60 },
    { ...DATE, second: 60 },
    { ...DATE, hour: -1 },
    { year: 1, month: 1, day: 1, zone: 60 },
    { year: 9999, month: 12, day: 31, hour: 23, zone: -60 },
    { year: 0, yearday: 1 },
    { year: 10_000 },
    { month: 11 },
    { day: 21 },
    { month: 2, day: 30 },
  ];
  for (const fields of none) t.equal(at(fields), undefined, JSON.stringify(fields));
});

t.test('a date without a year is of this year, unless more than a day ahead', async (t) => {
  t.equal(at({ month: 11, day: 21, hour: 5 }), '2026-11-21T04:00:00Z');
  t.equal(at({ month: 11, day: 22, hour: 7 }), '2026-11-22T06:00:00Z');
  t.equal(at({ month: 11, day: 22, hour: 7, second: 1 }), '2025-11-22T06:00:01Z');
  t.equal(at({ month: 12, day: 31 }), '2025-12-30T23:00:00Z');
  t.equal(at({ month: 12, day: 31, hour: 23 }, { now: '2027-01-01T00:00:00Z' }), '2026-12-31T22:00:00Z');
  t.equal(
    at({ month: 1, day: 1 }, { now: '2026-12-31T22:59:59Z' }),
    '2025-12-31T23:00:00Z',
    'still this year in Zurich',
  );
});

t.test('last year may not have the day', async (t) => {
  t.equal(at({ month: 2, day: 29 }, { now: '2028-02-20T00:00:00Z' }), undefined);
  t.equal(at({ month: 2, day: 29 }, { now: '2028-03-20T00:00:00Z' }), '2028-02-28T23:00:00Z');
  t.equal(
    at({ month: 1, day: 1, zone: 720 }, { now: '0001-01-01T12:00:00Z' }),
    undefined,
    'nor may there be a last year',
  );
});

t.test('a time without a date is of today, unless ahead', async (t) => {
  t.equal(at({ hour: 7 }), '2026-11-21T06:00:00Z');
  t.equal(at({ hour: 7, second: 1 }), '2026-11-20T06:00:01Z');
  t.equal(at({ hour: 7, zone: 0 }), '2026-11-21T07:00:00Z', 'told by the local clock, as fail2ban does');
  t.equal(at({ year: 2025, hour: 7 }), '2025-11-21T06:00:00Z');
});

t.test('days of the year, and weeks', async (t) => {
  t.equal(at({ year: 2026, yearday: 60 }), '2026-02-28T23:00:00Z');
  t.equal(at({ year: 2026, yearday: 366 }), '2026-12-31T23:00:00Z');
  t.equal(at({ yearday: 325 }), '2026-11-20T23:00:00Z');
  t.equal(at({ yearday: 340 }), '2025-12-05T23:00:00Z');
  const week = (number: number, isFromMonday: boolean): Partial<Fields> => ({
    year: 2001,
    week: { number, isFromMonday },
  });
  t.equal(at({ ...week(11, false), weekday: 2 }), '2001-03-20T23:00:00Z');
  t.equal(at({ ...week(11, true), weekday: 2 }), '2001-03-13T23:00:00Z');
  t.equal(at({ ...week(0, false), weekday: 6 }), '2000-12-30T23:00:00Z');
  t.equal(
    at({ year: 2001, week: { number: 5, isFromMonday: true } }),
    '2001-11-20T23:00:00Z',
    'a week alone says nothing',
  );
  t.equal(at({ ...DATE, yearday: 1 }), '2026-11-19T23:00:00Z', 'a whole date needs none of it');
});
