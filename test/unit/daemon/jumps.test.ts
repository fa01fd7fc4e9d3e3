import t from 'tap';
import { Jumps } from '../../../src/daemon/jumps.js';

const HOUR = 3_600_000;

t.test('time that passes on both clocks is no jump; what one alone has is', async (t) => {
  const state = { wall: 1_700_000_000_000, steady: 5 };
  const jumps = new Jumps(
    () => state.wall,
    () => state.steady,
  );
  const pass = (milliseconds: number): number => {
    state.wall += milliseconds;
    state.steady += milliseconds;
    return jumps.look();
  };
  t.equal(pass(30 * 24 * HOUR), 0);
  state.wall += HOUR;
  t.equal(pass(60_000), HOUR);
  t.equal(pass(60_000), 0, 'told once');
  state.wall -= HOUR;
  t.equal(jumps.look(), -HOUR);
  state.wall += 1999;
  t.equal(pass(1), 0);
  state.wall += 1;
  t.equal(jumps.look(), 2000, 'small ones add up');
  state.steady -= 10 * HOUR;
  t.equal(jumps.look(), 10 * HOUR, 'a machine that slept');
});
