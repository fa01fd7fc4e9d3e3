import t from 'tap';
import { findDate } from '../../../src/filters/dates.js';

process.env.TZ = 'Europe/Berlin';

const NOW = Date.parse('2026-11-21T02:00:00Z');

/** The date in UTC, and what is left of the line. */
function read(text: string, now = NOW): [string | undefined, string] | undefined {
  const stamp = findDate(text);
  if (!stamp) return undefined;
  const time = stamp.time(now);
  return [
    time === undefined ? undefined : new Date(time).toISOString(),
    text.slice(0, stamp.start) + text.slice(stamp.end),
  ];
}

t.test('dates', async (t) => {
  const table: [string, string, string][] = [
    ['Nov 21 02:55:12 host x', '2026-11-21T01:55:12.000Z', ' host x'],
    ['Nov  1 02:55:12 host x', '2026-11-01T01:55:12.000Z', ' host x'],
    ['Nov 1 02:55:12 host x', '2026-11-01T01:55:12.000Z', ' host x'],
    ['Jul 01 02:55:12.123456 x', '2026-07-01T00:55:12.123Z', ' x'],
    ['[Nov 21 02:55:12] x', '2026-11-21T01:55:12.000Z', '[] x'],
    ['Nov 22 02:59:59 x', '2026-11-22T01:59:59.000Z', ' x'],
    ['Nov 22 03:00:01 x', '2025-11-22T02:00:01.000Z', ' x'],
    ['Dec 31 23:59:59 x', '2025-12-31T22:59:59.000Z', ' x'],
    ['Nov 20 23:59:60 x', '2026-11-20T23:00:00.000Z', ' x'],
    ['2026-11-21T02:55:12.123456+01:00 x', '2026-11-21T01:55:12.123Z', ' x'],
    ['2026-11-21T02:55:12.5-0330 x', '2026-11-21T06:25:12.500Z', ' x'],
    ['2026-11-21T02:55:12Z x', '2026-11-21T02:55:12.000Z', ' x'],
    ['2026-11-21 02:55:12,123 x', '2026-11-21T01:55:12.123Z', ' x'],
    ['2026-11-21 02:55:12 +0000 x', '2026-11-21T02:55:12.000Z', ' x'],
    ['2026-11-21 02:55:12 Zoe', '2026-11-21T01:55:12.000Z', ' Zoe'],
    ['("2024-02-29T00:00:00Z"', '2024-02-29T00:00:00.000Z', '(""'],
  ];
  for (const [text, time, rest] of table) t.same(read(text), [time, rest], text);
});

t.test('dates that do not exist', async (t) => {
  for (const text of ['Feb 30 02:55:12', 'Feb 29 02:55:12', 'Nov 00 02:55:12', 'Nov 31 02:55:12']) {
    t.same(read(text), [undefined, ''], text);
  }
  for (const text of ['2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-00-01 00:00:00', '2026-01-00 00:00:00']) {
    t.same(read(text), [undefined, ''], text);
  }
});

t.test('what is no date', async (t) => {
  const texts = ['', 'x', 'Nov 21', 'Nov 21 24:00:00 x', 'Nov 21 02:60:12', 'nov 21 02:55:12', 'Nov 21 02:55:120'];
  texts.push('2026-11-21', '2026-11-21T2:55:12', 'x Nov 21 02:55:12', '... Nov 21 02:55:12', '2026-11-21T02:55:12Zx');
  for (const text of texts) t.equal(read(text), undefined, text);
});
