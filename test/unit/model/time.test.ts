import t from 'tap';
import { formatTime, parseTime } from '../../../src/model/time.js';

t.test('times of ISO 8601', async (t) => {
  t.equal(parseTime('2023-11-14T22:13:20Z'), 1_700_000_000_000);
  t.equal(parseTime('2023-11-14T22:13:20.005Z'), 1_700_000_000_005);
  t.equal(parseTime('2023-11-14T23:13+01:00'), 1_699_999_980_000);
  t.equal(parseTime('2023-11-14'), 1_699_920_000_000);
});

t.test('what is none', async (t) => {
  for (const text of ['', 'soon', '2023', '2023-13-01', '2023-11-14 22:13:20', '2023-11-14T22:13:20', '1700000000']) {
    t.throws(() => parseTime(text), { code: 'request', message: /is no time; write 2026-01-31T12:00:00Z$/ }, text);
  }
  t.throws(() => parseTime('x'.repeat(500)), { message: /^"x{60}\.\.\." is no time/ });
});

t.test('written as it is read', async (t) => {
  t.equal(formatTime(1_700_000_000_000), '2023-11-14T22:13:20.000Z');
  t.equal(formatTime(null), null);
});
