import t from 'tap';
import { Guard } from '../../../src/guard/guard.js';
import { LIMITS, NO_FACTS } from '../../service.js';

t.test('facts are asked for once in two seconds, and a fault is told once', async (t) => {
  const state = { now: 0, asked: 0 };
  const problems: string[] = [];
  const guard = new Guard({
    ...LIMITS,
    problem: (sentence) => problems.push(sentence),
    now: () => state.now,
    gather: async (ports) => {
      t.same(ports, [22]);
      state.asked++;
      return { ...NO_FACTS, faults: ['no netlink'] };
    },
  });
  await Promise.all([guard.look(), guard.look()]);
  state.now = 1_999;
  await guard.look();
  t.equal(state.asked, 1);
  state.now = 2_000;
  await guard.look();
  t.equal(state.asked, 2);
  t.same(problems, ['no netlink']);
});

t.test('who has just looked himself is answered by what is so now, within bounds', async (t) => {
  const state = { now: 0, asked: 0 };
  const guard = new Guard({
    ...{ ...LIMITS, problem: (sentence) => t.fail(sentence), now: () => state.now },
    gather: async () => {
      state.asked++;
      state.now += 30;
      return NO_FACTS;
    },
  });
  await guard.look();
  for (const [now, age, asked] of [
    [299, 'current', 1],
    [300, 'recent', 1],
    [300, 'current', 2],
    [599, 'current', 2],
    [2299, 'recent', 2],
    [2300, 'recent', 3],
  ] as const) {
    state.now = now;
    await guard.look(age);
    t.equal(state.asked, asked, `${now} ${age}`);
  }
});
