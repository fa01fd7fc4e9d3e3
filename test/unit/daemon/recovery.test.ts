import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Recovery } from '../../../src/daemon/recovery.js';

/** A recovery whose tries succeed when `works` says so. */
function recovery(t: Test, rebuild: (signal: AbortSignal) => Promise<unknown> = async () => undefined) {
  const state = { tries: 0, rebuilds: 0, works: true, thrown: [] as unknown[] };
  const it = new Recovery({
    mend: () => {
      state.tries++;
      return state.works;
    },
    rebuild: (signal) => {
      state.rebuilds++;
      return rebuild(signal);
    },
    failed: (thrown) => state.thrown.push(thrown),
    pause: 1,
  });
  t.teardown(() => it.stop());
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(1);
  };
  return { it, state, until };
}

t.test('without a fault nothing is done', async (t) => {
  const { it, state } = recovery(t);
  it.ready();
  await sleep(20);
  t.match(state, { tries: 0, rebuilds: 0 });
});

t.test('it tries until all is in order, and then no more', async (t) => {
  const { it, state, until } = recovery(t);
  state.works = false;
  it.ready();
  it.begin(false);
  await until(() => state.tries >= 3);
  state.works = true;
  const before = state.tries;
  await until(() => state.tries > before);
  const after = state.tries;
  await sleep(20);
  t.match(state, { tries: after, rebuilds: 0 });
  it.begin(true);
  await until(() => state.rebuilds === 1);
  t.equal(state.tries, after + 1);
});

t.test('what was wrong before the kernel can be asked waits for that', async (t) => {
  const { it, state, until } = recovery(t);
  it.begin(true);
  it.begin(false);
  await sleep(10);
  t.equal(state.tries, 0);
  it.ready();
  await until(() => state.rebuilds === 1);
  t.equal(state.tries, 1);
});

t.test('a fault while the ledger is rebuilt is not forgotten', async (t) => {
  let go: (() => void) | undefined;
  const { it, state, until } = recovery(t, () => new Promise<void>((resolve) => (go = resolve)));
  it.ready();
  it.begin(true);
  await until(() => state.rebuilds === 1);
  it.begin(true);
  await sleep(10);
  t.equal(state.rebuilds, 1, 'one at a time');
  go?.();
  await until(() => state.rebuilds === 2);
  go?.();
});

t.test('a failure is told, and tried again', async (t) => {
  const thrown = new Error('no kernel');
  let times = 0;
  const { it, state, until } = recovery(t, async () => {
    if (times++ === 0) throw thrown;
  });
  it.ready();
  it.begin(true);
  await until(() => state.rebuilds === 2);
  t.same(state.thrown, [thrown]);
});

t.test('stopping ends what is under way', async (t) => {
  let seen: AbortSignal | undefined;
  const { it, state, until } = recovery(t, async (signal) => {
    seen = signal;
  });
  it.ready();
  it.begin(true);
  await until(() => seen !== undefined);
  it.stop();
  t.equal(seen?.aborted, true);
  it.begin(true);
  await sleep(10);
  t.equal(state.rebuilds, 1);
});

t.test('for the next run it is marked whether the ledger has all bans', async (t) => {
  const marks: string[] = [];
  const mark = { put: () => marks.push('whole'), remove: () => marks.push('lacking') };
  const state = { works: false };
  let rebuilt: () => void = () => undefined;
  const it = new Recovery({
    mend: () => state.works,
    rebuild: () =>
      new Promise<void>((resolve) => {
        rebuilt = resolve;
      }),
    failed: (thrown) => t.fail(String(thrown)),
    mark,
    pause: 1,
  });
  it.ready();
  t.same(marks, ['whole']);
  it.begin(true);
  await sleep(10);
  t.same(marks, ['whole', 'lacking']);
  state.works = true;
  await sleep(20);
  t.equal(marks.at(-1), 'lacking', 'as long as the kernel is looked at');
  rebuilt();
  await sleep(5);
  t.equal(marks.at(-1), 'whole');
  it.begin(true);
  await sleep(10);
  it.stop();
  rebuilt();
  await sleep(5);
  t.equal(marks.at(-1), 'lacking', 'what was not looked at to its end is looked at once more');
});
