import t from 'tap';
import { timeOf } from '../../../src/sources/syslog-time.js';

const stamp = (date: Date): string => {
  const [, month, day, , time] = date.toString().split(' ');
  return `${month} ${String(Number(day)).padStart(2)} ${time}`;
};

t.test('a time that can be is taken', async (t) => {
  const now = new Date(2026, 10, 1, 3, 4, 5, 678).getTime();
  const second = now - 678;
  t.equal(timeOf(stamp(new Date(now)), now), second);
  t.equal(timeOf(stamp(new Date(now - 59_000)), now), second - 59_000);
  t.equal(timeOf('Nov 1 3:04:05', now), second);
  t.equal(timeOf('Nov  1 2026 03:04:05', now), second);
  t.equal(timeOf(new Date(now).toISOString(), now), now);
  t.equal(
    timeOf('2026-11-21T06:03:52.257589+01:00', Date.UTC(2026, 10, 21, 5, 3, 52)),
    Date.UTC(2026, 10, 21, 5, 3, 52, 257),
  );
});

t.test('any other is ours', async (t) => {
  const now = new Date(2026, 10, 1, 3, 4, 5).getTime();
  for (const timestamp of [
    undefined,
    '',
    'yesterday',
    'Nov  1 03:06:05',
    'Nov  1 03:02:05',
    'Xxx  1 03:04:05',
    'Nov 99 99:99:99',
    '2020-01-01T00:00:00Z',
    '9999-99-99T99:99:99Z',
    new Date(now + 61_000).toISOString(),
    new Date(now - 61_000).toISOString(),
  ]) {
    t.equal(timeOf(timestamp, now), now, timestamp ?? 'none');
  }
});

t.test('at New Year', async (t) => {
  const before = new Date(2026, 11, 31, 23, 59, 50).getTime();
  const after = new Date(2027, 0, 1, 0, 0, 10).getTime();
  t.equal(timeOf('Dec 31 23:59:50', after), before);
  t.equal(timeOf('Jan  1 00:00:10', before), after);
});
