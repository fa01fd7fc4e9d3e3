import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { Expiry } from '../../../src/daemon/expiry.js';

const START = 1_700_000_000_000;

/** An expiry over a list of ends, on a clock that only the test moves. */
function armed(t: Test, ends: number[] = []) {
  mock.timers.enable({ apis: ['setTimeout'] });
  const state = { now: START, calls: [] as number[], thrown: [] as Error[], reported: [] as unknown[] };
  const expiry = new Expiry(
    () => state.now,
    () => (ends.length > 0 ? Math.min(...ends) : undefined),
    async () => {
      state.calls.push(state.now - START);
      const thrown = state.thrown.shift();
      if (thrown) throw thrown;
      const ended = ends.filter((end) => end <= state.now);
      for (const end of ended) ends.splice(ends.indexOf(end), 1);
      return ended.length > 0;
    },
    (thrown) => state.reported.push(thrown),
  );
  t.teardown(() => {
    expiry.stop();
    mock.timers.reset();
  });
  const pass = async (milliseconds: number): Promise<void> => {
    state.now += milliseconds;
    mock.timers.tick(milliseconds);
    await new Promise(setImmediate);
  };
  return { expiry, ends, state, pass };
}

t.test('it wakes when a ban has ended, within a second, and not before', async (t) => {
  const { expiry, state, pass } = armed(t, [START + 5000]);
  expiry.arm(START + 5000);
  await pass(5000);
  t.same(state.calls, []);
  await pass(1000);
  t.same(state.calls, [6000, 6000], 'once more, to see that nothing is left');
});

t.test('bans that end within the same second are forgotten together', async (t) => {
  const { expiry, ends, state, pass } = armed(t, [START + 5000, START + 5400, START + 5999]);
  for (const end of ends) expiry.arm(end);
  await pass(6000);
  t.same(ends, []);
  t.same(state.calls, [6000, 6000]);
});

t.test('an earlier end comes first, a later one does not put it off', async (t) => {
  const { expiry, ends, state, pass } = armed(t, [START + 50_000, START + 5000, START + 30_000]);
  for (const end of [...ends]) expiry.arm(end);
  await pass(6000);
  t.same(state.calls, [6000, 6000]);
  await pass(25_000);
  t.same(ends, [START + 50_000]);
  await pass(20_000);
  t.same(ends, []);
});

t.test('nothing that ends, nothing that wakes', async (t) => {
  const { expiry, state, pass } = armed(t);
  expiry.arm(null);
  await pass(10 * 60_000);
  t.same(state.calls, []);
});

t.test('a far end is looked at every minute: the wall clock may be set', async (t) => {
  const { expiry, ends, state, pass } = armed(t, [START + 86_400_000]);
  expiry.arm(START + 86_400_000);
  await pass(60_000);
  await pass(60_000);
  t.same(state.calls, [60_000, 120_000]);
  // Somebody sets the clock a day ahead: timers do not know.
  state.now += 86_400_000;
  await pass(60_000);
  t.same(ends, []);
});

t.test('ends beyond what a timer can count', async (t) => {
  const { expiry, state, pass } = armed(t);
  expiry.arm(START + 100 * 365 * 86_400_000);
  await pass(59_999);
  t.same(state.calls, []);
});

t.test('an end in the past is seen to at once', async (t) => {
  const { expiry, ends, pass } = armed(t, [START - 5000]);
  expiry.arm(START - 5000);
  await pass(0);
  t.same(ends, []);
});

t.test('after stopping nothing happens', async (t) => {
  const { expiry, state, pass } = armed(t, [START + 1000]);
  expiry.arm(START + 1000);
  expiry.stop();
  expiry.arm(START + 2000);
  await pass(120_000);
  t.same(state.calls, []);
});

t.test('a failure is told, and tried again in a minute', async (t) => {
  const { expiry, ends, state, pass } = armed(t, [START + 1000]);
  const thrown = new Error('database is locked');
  state.thrown.push(thrown);
  expiry.arm(START + 1000);
  await pass(2000);
  t.same(state.calls, [2000]);
  t.equal(state.reported[0], thrown);
  await pass(59_999);
  t.same(state.calls, [2000]);
  await pass(1);
  t.same(ends, []);
});
