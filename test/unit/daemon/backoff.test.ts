import t from 'tap';
import { Backoff } from '../../../src/daemon/backoff.js';

function made() {
  const state = { now: 0 };
  return { state, backoff: new Backoff(() => state.now) };
}

t.test('three times at once, then half a second, doubling up to half a minute', async (t) => {
  const { state, backoff } = made();
  const waits: number[] = [];
  for (let times = 0; times < 12; times++) {
    waits.push(backoff.wait);
    state.now += backoff.wait;
    t.equal(backoff.wait, 0, 'waited');
    backoff.used();
  }
  t.same(waits, [0, 0, 0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  t.equal(backoff.times, 12);
});

t.test('time that has passed already counts', async (t) => {
  const { state, backoff } = made();
  for (let times = 0; times < 4; times++) backoff.used();
  state.now += 300;
  t.equal(backoff.wait, 700);
  state.now += 10_000;
  t.equal(backoff.wait, 0);
});

t.test('a quiet minute, and all is forgotten', async (t) => {
  const { state, backoff } = made();
  for (let times = 0; times < 10; times++) backoff.used();
  state.now += 59_999;
  t.equal(backoff.times, 10);
  state.now += 1;
  t.equal(backoff.times, 0);
  t.equal(backoff.wait, 0);
  backoff.used();
  t.equal(backoff.times, 1);
});
