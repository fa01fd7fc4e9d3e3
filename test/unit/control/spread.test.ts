import t from 'tap';
import { spreadOf } from '../../../src/control/spread.js';

t.test('the first 5,000 end when they should, the others later by a twentieth at most, evenly', async (t) => {
  const late = spreadOf({ for: '10h' });
  t.equal(late(0), 0);
  t.equal(late(4_999), 0);
  const all = Array.from({ length: 200 }, (_, index) => late(index * 5_000));
  t.ok(all.every((milliseconds) => milliseconds >= 0 && milliseconds <= 1_800_000 && Number.isInteger(milliseconds)));
  t.equal(new Set(all.map((milliseconds) => Math.floor(milliseconds / 180_000))).size, 10, 'every tenth has some');
  t.equal(late(5_000), late(9_999), 'neighbours end together');
});

t.test('an hour at most, and nothing where it is not wanted or there is no common end', async (t) => {
  const late = spreadOf({ for: '365d' });
  t.ok(
    Array.from({ length: 200 }, (_, index) => late(index * 5_000)).every((milliseconds) => milliseconds < 3_600_000),
  );
  for (const terms of [{}, { for: 'never' }, { for: '1d', exact: 'true' }] as const) {
    t.equal(spreadOf(terms)(1_000_000), 0);
  }
});
