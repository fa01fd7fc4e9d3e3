import t from 'tap';
import { retryAfter, waitBefore } from '../../../src/hooks/retry.js';

t.test('waits double up to five minutes, half of each by chance', async (t) => {
  t.same(
    [1, 2, 3, 9, 10, 99].map((tries) => waitBefore(tries, 1)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  );
  t.same(
    [1, 2, 99].map((tries) => waitBefore(tries, 0)),
    [500, 1000, 150_000],
  );
});

t.test('what the other side asks for is waited for at least', async (t) => {
  t.equal(waitBefore(1, 0, 30_000), 30_000);
  t.equal(waitBefore(10, 1, 30_000), 300_000);
});

t.test('Retry-After: seconds, a date, an hour at most, nonsense', async (t) => {
  const now = Date.parse('2026-01-31T12:00:00Z');
  t.same(
    [
      '0',
      '120',
      '999999999',
      'Sat, 31 Jan 2026 12:00:10 GMT',
      'Sat, 31 Jan 2026 11:00:00 GMT',
      'soon',
      '-5',
      undefined,
    ].map((header) => retryAfter(header, now)),
    [0, 120_000, 3_600_000, 10_000, 0, undefined, 0, undefined],
  );
});
