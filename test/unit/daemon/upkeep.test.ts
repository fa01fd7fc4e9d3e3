import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { Upkeep } from '../../../src/daemon/upkeep.js';

/** Steps that answer what stands in `answers`, and false behind them. */
function upkeep(t: Test, answers: (boolean | Error)[]) {
  mock.timers.enable({ apis: ['setTimeout'] });
  const state = { steps: 0, thrown: [] as unknown[] };
  const it = new Upkeep(
    () => {
      state.steps++;
      const answer = answers.shift() ?? false;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    (thrown) => state.thrown.push(thrown),
  );
  t.teardown(() => {
    it.stop();
    mock.timers.reset();
  });
  return { it, state };
}

t.test('step by step while there is more, then not for an hour', async (t) => {
  const { it, state } = upkeep(t, [true, true]);
  it.start();
  mock.timers.tick(3_599_999);
  t.equal(state.steps, 0);
  mock.timers.tick(1);
  t.equal(state.steps, 1);
  mock.timers.tick(100);
  mock.timers.tick(100);
  t.equal(state.steps, 3);
  mock.timers.tick(3_599_999);
  t.equal(state.steps, 3);
  mock.timers.tick(1);
  t.equal(state.steps, 4);
});

t.test('a failure is told, and tried again in an hour', async (t) => {
  const thrown = new Error('disk full');
  const { it, state } = upkeep(t, [thrown]);
  it.start();
  mock.timers.tick(3_600_000);
  t.same(state.thrown, [thrown]);
  mock.timers.tick(100);
  t.equal(state.steps, 1);
  mock.timers.tick(3_600_000);
  t.equal(state.steps, 2);
});

t.test('after stopping nothing happens', async (t) => {
  const { it, state } = upkeep(t, []);
  it.start();
  it.stop();
  mock.timers.tick(10_000_000);
  t.equal(state.steps, 0);
});

t.test('soon, where something is known to be there, and then not for an hour', async (t) => {
  const { it, state } = upkeep(t, [true]);
  it.start();
  it.soon();
  mock.timers.tick(100);
  t.equal(state.steps, 1);
  mock.timers.tick(100);
  t.equal(state.steps, 2);
  mock.timers.tick(3_599_999);
  t.equal(state.steps, 2);
  it.stop();
});
