import t from 'tap';
import { Timeline } from '../../../src/offenders/timeline.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-03-18T13:30:00Z');

t.test('buckets are as wide as the time asks for, and begin on whole ones', async (t) => {
  const shapes: [days: number, width: number, count: number, from: string][] = [
    [1, HOUR, 25, '2026-03-17T13:00:00.000Z'],
    [7, 6 * HOUR, 29, '2026-03-11T12:00:00.000Z'],
    [30, DAY, 31, '2026-02-16T00:00:00.000Z'],
    [180, 7 * DAY, 27, '2025-09-15T00:00:00.000Z'],
    [1500, 28 * DAY, 55, '2022-01-24T00:00:00.000Z'],
    [36_500, 364 * DAY, 101, '1926-03-01T00:00:00.000Z'],
  ];
  for (const [days, width, count, from] of shapes) {
    const timeline = new Timeline(NOW - days * DAY, NOW);
    t.equal(timeline.width, width, `${days} days`);
    t.equal(timeline.buckets.length, count, `${days} days: buckets`);
    t.equal(new Date(timeline.buckets[0]?.from ?? 0).toISOString(), from);
    t.ok((timeline.buckets.at(-1)?.from ?? 0) <= NOW && (timeline.buckets.at(-1)?.from ?? 0) + width > NOW);
  }
  t.equal(new Date(new Timeline(NOW - 180 * DAY, NOW).buckets[0]?.from ?? 0).getUTCDay(), 1, 'weeks begin on Mondays');
});

t.test('of each jail and offender the first ban and the last', async (t) => {
  const timeline = new Timeline(NOW - 30 * DAY, NOW);
  const add = (bans: number, first: number, last: number): void =>
    timeline.add({ jail: 'sshd', bans, first: NOW - first, last: NOW - last });
  add(1, 2 * DAY, 2 * DAY);
  add(9, 2 * DAY, 0);
  add(2, 40 * DAY, DAY);
  add(3, DAY, DAY);
  const counted = timeline.buckets
    .filter(({ bans }) => bans > 0)
    .map(({ from, bans }) => [new Date(from).getUTCDate(), bans]);
  t.same(counted, [
    [16, 2],
    [17, 2],
    [18, 1],
  ]);
  t.equal(timeline.drawn, 5);
});

t.test('what is before and behind it, by a clock that was wrong', async (t) => {
  const timeline = new Timeline(NOW - DAY, NOW);
  for (const time of [0, NOW - DAY - 1, NOW + 10 * DAY]) timeline.add({ jail: 'a', bans: 1, first: time, last: time });
  t.equal(timeline.drawn, 0);
  t.equal(new Timeline(NOW, NOW).buckets.length, 1);
});
