import t from 'tap';
import { Tally } from '../../../src/sources/tally.js';

t.test('is told at powers of ten', async (t) => {
  const told: number[] = [];
  const tally = new Tally((count) => told.push(count));
  for (let i = 0; i < 1000; i++) tally.add();
  t.same(told, [1, 10, 100, 1000]);
  tally.add(1_000_000);
  tally.add(5);
  t.same(told.slice(4), [1_001_000]);
  t.equal(tally.count, 1_001_005);
});
