import t from 'tap';
import { LogClock } from '../../../src/replay/log-clock.js';

t.test('dates set it forward, and never back', async (t) => {
  const clock = new LogClock(100);
  clock.begin(1000, 5000);
  t.equal(clock.now(), 1000);
  for (const [date, now] of [
    [2000, 2000],
    [1500, 2000],
    [9000, 2000],
    [5000, 5000],
  ] as const) {
    clock.advance(date);
    t.equal(clock.now(), now, `${date}`);
  }
  clock.begin(4950, 6000);
  t.equal(clock.now(), 5000, 'lines may be out of order');
  clock.begin(1000, 4000);
  t.equal(clock.now(), 1000, 'but not all of them: it was wrong');
});

t.test('something is considered as of its time', async (t) => {
  const clock = new LogClock(100);
  clock.begin(1000, 5000);
  clock.advance(4000);
  t.equal(
    clock.as(2000, () => clock.now()),
    2000,
  );
  t.equal(
    clock.as(1500, () => clock.now()),
    2000,
    'or of the latest before',
  );
  t.throws(
    () =>
      clock.as(2500, () => {
        throw new Error('x');
      }),
    /x/,
  );
  t.equal(clock.now(), 4000);
});
