import t from 'tap';
import { LocalZone } from '../../../src/dates/local-zone.js';

const wall = (text: string): number => Date.parse(`${text}Z`);
const HOUR = 3_600_000;

t.test('offsets', async (t) => {
  const zurich = new LocalZone('Europe/Zurich');
  t.equal(zurich.offsetAt(wall('2026-01-01T00:00:00')), HOUR);
  t.equal(zurich.offsetAt(wall('2026-07-01T00:00:00')), 2 * HOUR);
  t.equal(zurich.offsetAt(wall('2026-03-29T00:59:59')), HOUR);
  t.equal(zurich.offsetAt(wall('2026-03-29T01:00:00')), 2 * HOUR);
  t.equal(new LocalZone('Asia/Kathmandu').offsetAt(0), 5.5 * HOUR);
  t.equal(new LocalZone('UTC').offsetAt(-1), 0);
  t.equal(zurich.offsetAt(wall('0001-01-01T00:00:00')), 2_048_000, 'mean local time, 0:34:08');
  t.equal(
    new LocalZone('America/New_York').offsetAt(wall('0001-01-01T00:00:00')),
    -17_762_000,
    'before the year 1 there',
  );
});

t.test('an hour in which the offset changes', async (t) => {
  const liberia = new LocalZone('Africa/Monrovia');
  t.equal(liberia.offsetAt(wall('1972-01-07T00:44:29')), -2_670_000);
  t.equal(liberia.offsetAt(wall('1972-01-07T00:44:30')), 0);
});

t.test('wall times', async (t) => {
  const zurich = new LocalZone('Europe/Zurich');
  t.equal(zurich.wallAt(wall('2026-07-01T00:00:00')), wall('2026-07-01T02:00:00'));
  t.equal(zurich.timeOf(wall('2026-07-01T02:00:00')), wall('2026-07-01T00:00:00'));
  t.equal(zurich.timeOf(wall('2026-01-01T02:00:00')), wall('2026-01-01T01:00:00'));
});

t.test('the hour that does not exist is taken for daylight-saving time', async (t) => {
  for (const before of ['2026-01-01T00:00:00', '2026-07-01T00:00:00']) {
    const zurich = new LocalZone('Europe/Zurich');
    zurich.timeOf(wall(before));
    t.equal(zurich.timeOf(wall('2026-03-29T02:30:00')), wall('2026-03-29T01:30:00'), before);
  }
});

t.test('the hour that comes twice is the one that follows from the last answer', async (t) => {
  const zurich = new LocalZone('Europe/Zurich');
  zurich.timeOf(wall('2026-10-25T01:59:59'));
  t.equal(zurich.timeOf(wall('2026-10-25T02:30:00')), wall('2026-10-25T00:30:00'));
  zurich.timeOf(wall('2026-10-25T03:00:00'));
  t.equal(zurich.timeOf(wall('2026-10-25T02:30:00')), wall('2026-10-25T01:30:00'));
});

t.test('a day that an island skipped', async (t) => {
  const apia = new LocalZone('Pacific/Apia');
  const time = apia.timeOf(wall('2011-12-30T12:00:00'));
  t.ok([wall('2011-12-30T22:00:00'), wall('2011-12-29T22:00:00')].includes(time), new Date(time).toISOString());
});

t.test('more hours than are remembered', async (t) => {
  const zurich = new LocalZone('Europe/Zurich');
  for (let hour = 0; hour < 4100; hour++) zurich.offsetAt(hour * 24 * HOUR);
  t.equal(zurich.offsetAt(0), HOUR);
});

t.test('names', async (t) => {
  t.equal(new LocalZone().name, Intl.DateTimeFormat().resolvedOptions().timeZone, "the process's own");
  const message = "'Mars/Olympus' is no time zone; write a name such as Europe/Zurich";
  t.throws(() => new LocalZone('Mars/Olympus'), { code: 'config', message });
});
