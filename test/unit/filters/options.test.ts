import t from 'tap';
import { detectorOf, type FilterOptions } from '../../../src/filters/options.js';
import { definitionOf } from '../../filter-definition.js';

/** 2026-11-21 06:00:00 UTC */
const NOW = Date.UTC(2026, 10, 21, 6);

/** The time of a line’s date, in ISO form. */
function timeOf(
  line: string,
  options: Omit<FilterOptions, 'now'>,
  datepattern: string | null = null,
): string | undefined {
  const time = detectorOf(definitionOf({ failregex: [], datepattern }), { now: () => NOW, ...options })
    .match(line)
    ?.time();
  return time === undefined ? undefined : new Date(time).toISOString();
}

t.test('dates are found by the filter’s pattern, or by the usual ones', async (t) => {
  t.equal(timeOf('x 2026-11-21 05:00:00', { zone: 'UTC' }), '2026-11-21T05:00:00.000Z');
  t.equal(timeOf('x 2026-11-21 05:00:00', { zone: 'UTC' }, '^%Y'), undefined);
  t.equal(timeOf('11:21:2026 x', { zone: 'UTC' }, '^%m:%d:%Y'), '2026-11-21T00:00:00.000Z');
});

t.test('in the log’s zone, or in one that is given', async (t) => {
  t.equal(timeOf('2026-11-21 05:00:00', { zone: 'Europe/Zurich' }), '2026-11-21T04:00:00.000Z');
  t.equal(timeOf('2026-11-21 05:00:00', { zone: 'UTC', logtimezone: 'UTC-0200' }), '2026-11-21T07:00:00.000Z');
});

t.test('of the years around now, or of those that are given', async (t) => {
  t.equal(timeOf('1994-11-21 05:00:00', { zone: 'UTC' }), undefined);
  const years = { first: 1990, last: 2029 };
  t.equal(timeOf('1994-11-21 05:00:00', { zone: 'UTC', years }), '1994-11-21T05:00:00.000Z');
});

t.test('a pattern or a zone that is none', async (t) => {
  t.throws(() => timeOf('x', {}, '('), { code: 'filter' });
  t.throws(() => timeOf('x', { logtimezone: 'Mars' }), { code: 'config' });
});
