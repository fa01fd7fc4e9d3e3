import t from 'tap';
import { formatDuration, LONGEST, parseDuration } from '../../../src/model/duration.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

t.test('what people write', async (t) => {
  const table: [string, number | null][] = [
    ['90', 90 * SECOND],
    ['0.5', 500],
    ['250ms', 250],
    ['1 millisecond', 1],
    ['2 milliseconds', 2],
    ['45s', 45 * SECOND],
    ['3 sec', 3 * SECOND],
    ['3 secs', 3 * SECOND],
    ['1 second', SECOND],
    ['10m', 10 * MINUTE],
    ['10 MINS', 10 * MINUTE],
    ['1 minute', MINUTE],
    ['1h', HOUR],
    ['2 hours', 2 * HOUR],
    ['1d', DAY],
    ['7 days', 7 * DAY],
    ['1w', 7 * DAY],
    ['2 weeks', 14 * DAY],
    ['1h 30m', HOUR + 30 * MINUTE],
    ['1h30m', HOUR + 30 * MINUTE],
    ['1.5h', HOUR + 30 * MINUTE],
    ['1d 2h 3m 4s', DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND],
    ['  10m\t', 10 * MINUTE],
    ['1.0004s', SECOND],
    ['36500d', LONGEST],
    ['never', null],
    ['Forever', null],
    ['permanent', null],
    [' -1 ', null],
  ];
  for (const [text, expected] of table) t.equal(parseDuration(text), expected, JSON.stringify(text));
});

t.test('what is no duration', async (t) => {
  const table: [string, RegExp][] = [
    ['', /'' is no duration; write 90 \(seconds\)/],
    ['   ', /is no duration/],
    ['soon', /'soon' is no duration/],
    ['10 parsecs', /is no duration/],
    ['m', /is no duration/],
    ['10m 5', /is no duration/],
    ['10m, 5s', /is no duration/],
    ['5 10m', /is no duration/],
    ['-2', /is no duration/],
    ['-10m', /is no duration/],
    ['1e3', /is no duration/],
    ['Infinity', /is no duration/],
    ['never 10m', /is no duration/],
    ['0', /'0' is no time at all; write at least 1s, or never/],
    ['0h 0m', /is no time at all/],
    ['0.4ms', /is no time at all/],
    ['36501d', /'36501d' is longer than 100 years; write never/],
    ['9'.repeat(64), /longer than 100 years/],
    ['1'.repeat(65), /at most 64 characters/],
    ['1m'.repeat(1_000_000), /at most 64 characters/],
  ];
  for (const [text, message] of table) {
    t.throws(() => parseDuration(text), { code: 'duration', message }, JSON.stringify(text.slice(0, 40)));
  }
});

t.test('how it is printed', async (t) => {
  const table: [number | null, string][] = [
    [null, 'never'],
    [-5, '0ms'],
    [0, '0ms'],
    [0.6, '1ms'],
    [999, '999ms'],
    [SECOND, '1s'],
    [SECOND + 999, '1s'],
    [90 * SECOND, '1m 30s'],
    [HOUR, '1h'],
    [HOUR + 30 * MINUTE, '1h 30m'],
    [HOUR + 30 * SECOND, '1h 30s'],
    [DAY + 2 * HOUR + 3 * MINUTE, '1d 2h'],
    [400 * DAY, '400d'],
  ];
  for (const [milliseconds, text] of table) t.equal(formatDuration(milliseconds), text, String(milliseconds));
});

t.test('what is printed can be read again', async (t) => {
  for (const milliseconds of [1, 999, SECOND, 90 * SECOND, HOUR + 30 * SECOND, DAY, LONGEST, null]) {
    t.equal(parseDuration(formatDuration(milliseconds)), milliseconds);
  }
});
