import fc from 'fast-check';
import t from 'tap';
import { Allowance } from '../../../src/daemon/allowance.js';

t.test('so many at once, and so many a minute', async (t) => {
  let time = 1000;
  const allowance = new Allowance({ rate: 10, burst: 3, now: () => time });
  const taken = (): number => {
    let count = 0;
    while (allowance.take()) count++;
    return count;
  };
  t.equal(taken(), 3);
  time += 5999;
  t.equal(taken(), 0);
  time += 1;
  t.equal(taken(), 1, 'one in six seconds');
  time += 3_600_000;
  t.equal(taken(), 3, 'no more than the burst is saved up');
});

t.test('never more than rate and burst, however they come', async (t) => {
  const property = fc.property(
    fc.integer({ min: 1, max: 10_000 }),
    fc.integer({ min: 1, max: 100 }),
    fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 200 }),
    (rate, burst, steps) => {
      let time = 0;
      const allowance = new Allowance({ rate, burst, now: () => time });
      let count = 0;
      for (const step of steps) {
        time += step;
        if (allowance.take()) count++;
      }
      return count <= burst + (time * rate) / 60_000 + 1e-6;
    },
  );
  fc.assert(property);
  t.pass();
});
