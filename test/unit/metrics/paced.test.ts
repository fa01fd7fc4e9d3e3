import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { Paced } from '../../../src/metrics/paced.js';

function paced(cost = 0, patience = 20) {
  const state = { now: 0, asked: 0, cost, fails: false, hangs: false };
  const release: (() => void)[] = [];
  const it = new Paced(
    async () => {
      state.asked++;
      if (state.hangs) await new Promise<void>((resolve) => release.push(resolve));
      state.now += state.cost;
      if (state.fails) throw new Error('no');
      return state.asked;
    },
    () => state.now,
    { patience },
  );
  return { state, release, it };
}

t.test('at most once a second, whoever asks', async (t) => {
  const { state, it } = paced();
  t.same(await Promise.all([it.get(), it.get(), it.get()]), Array(3).fill({ value: 1, isFresh: true }));
  state.now = 999;
  t.same(await it.get(), { value: 1, isFresh: true });
  state.now = 1000;
  t.same(await it.get(), { value: 2, isFresh: true });
});

t.test('what costs more is asked less often', async (t) => {
  const { state, it } = paced(50);
  await it.get();
  state.now = 4999;
  await it.get();
  t.equal(state.asked, 1, 'fifty milliseconds are enough for five seconds');
  state.now = 5000;
  await it.get();
  t.equal(state.asked, 2);
  const dear = new Paced(
    () => {
      state.now += 80;
      return state.now;
    },
    () => state.now,
    { share: 0.001 },
  );
  const { value } = await dear.get();
  state.now += 79_900;
  t.equal((await dear.get()).value, value);
});

t.test('a question that fails leaves the answer of before', async (t) => {
  const { state, it } = paced();
  state.fails = true;
  t.same(await it.get(), { value: undefined, isFresh: false });
  [state.fails, state.now] = [false, 1000];
  t.same(await it.get(), { value: 2, isFresh: true });
  [state.fails, state.now] = [true, 2000];
  t.same(await it.get(), { value: 2, isFresh: false });
  t.same(await it.get(), { value: 2, isFresh: false }, 'also while it is not asked');
});

t.test('nobody waits long for an answer, and there is one question at a time', async (t) => {
  const { state, release, it } = paced();
  await it.get();
  [state.hangs, state.now] = [true, 1000];
  t.same(await it.get(), { value: 1, isFresh: false });
  state.now = 60_000;
  t.same(await it.get(), { value: 1, isFresh: false });
  t.equal(state.asked, 2, 'it hangs still: no second one');
  for (const go of release) go();
  await turn();
  t.same(await it.get(), { value: 2, isFresh: true }, 'and late is better than never');
});

t.test('a question that throws at once', async (t) => {
  const it = new Paced<number>(
    () => {
      throw new Error('no');
    },
    () => 0,
  );
  t.same(await it.get(), { value: undefined, isFresh: false });
});
