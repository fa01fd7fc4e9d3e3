import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type Delivery, Failed } from '../../../src/hooks/delivery.js';
import { Hook, type HookOptions } from '../../../src/hooks/hook.js';
import type { Event } from '../../../src/model/events.js';
import { ban } from '../../jail.js';

interface Call {
  readonly body: { hook: string; host: string; id: string; missed: number; events: { n: string; time: number }[] };
  readonly id: string;
  readonly at: number;
}

function world(
  more: Partial<HookOptions> & { answer?: (calls: number, signal: AbortSignal) => Promise<void>; fault?: string } = {},
) {
  const calls: Call[] = [];
  const said: string[] = [];
  let ids = 0;
  const { answer = async () => undefined, fault, ...options } = more;
  const delivery: Delivery = {
    target: '/bin/true',
    fault: () => fault,
    call: async (body, id, signal) => {
      calls.push({ body: JSON.parse(body), id, at: performance.now() });
      await answer(calls.length, signal);
    },
    close: () => said.push('closed'),
  };
  const hook = new Hook({
    config: { name: 'notify', pause: 0, batch: 3, queue: 10 },
    delivery,
    giveUp: 0,
    wants: (event) => event.kind === 'ban',
    record: (event, time) => ({ n: event.kind === 'ban' ? event.ban.prefix.text : '', time }),
    host: 'h',
    now: () => performance.now(),
    random: () => 0,
    newId: () => `id-${++ids}`,
    problem: (sentence) => said.push(sentence),
    note: (sentence) => said.push(`note ${sentence}`),
    ...options,
  });
  const told = (): string[][] => calls.map(({ body }) => body.events.map(({ n }) => n.split('.').at(-1) as string));
  return { hook, calls, said, told };
}

const event = (n: number): Event => ban(`192.0.2.${n}`);
const idle = async (hook: Hook): Promise<void> => {
  while (hook.report.queued > 0) await sleep(1);
  await sleep(5);
};

t.test('what is told in one turn is one call, in order, and no larger than a batch', async (t) => {
  const { hook, calls, told } = world();
  hook.hear({ kind: 'lifted', elements: 1 }, 0);
  for (let n = 1; n <= 7; n++) hook.hear(event(n), n);
  t.equal(calls.length, 0, 'who tells does not wait');
  await idle(hook);
  t.same(told(), [['1', '2', '3'], ['4', '5', '6'], ['7']]);
  t.match(calls[0]?.body, { hook: 'notify', host: 'h', id: 'id-1', missed: 0, events: [{ n: '192.0.2.1', time: 1 }] });
  t.match(hook.report, {
    name: 'notify',
    target: '/bin/true',
    calls: 3,
    failures: 0,
    queued: 0,
    dropped: 0,
    failing: null,
  });
});

t.test('one call at a time, and what comes meanwhile is in the next', async (t) => {
  let going = 0;
  const { hook, told } = world({
    answer: async () => {
      t.equal(++going, 1);
      await sleep(20);
      going--;
    },
  });
  hook.hear(event(1), 0);
  await sleep(10);
  hook.hear(event(2), 0);
  hook.hear(event(3), 0);
  await idle(hook);
  await sleep(30);
  t.same(told(), [['1'], ['2', '3']]);
});

t.test('between the begins of two calls is the pause', async (t) => {
  const { hook, calls } = world({ config: { name: 'n', pause: 100, batch: 1, queue: 10 } });
  hook.hear(event(1), 0);
  hook.hear(event(2), 0);
  await idle(hook);
  t.ok((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0) >= 99);
  await hook.stop(100);
});

t.test('a burst is no more calls than its queue has batches; the others are counted, told and said', async (t) => {
  const { hook, calls, said } = world();
  for (let n = 0; n < 10_000; n++) hook.hear(event(n % 250), 0);
  await idle(hook);
  t.equal(calls.length, 4);
  t.same(
    calls.map(({ body }) => body.missed),
    [9_990, 0, 0, 0],
  );
  t.equal(hook.report.dropped, 9_990);
  t.match(said, [/^hook notify: 10 events wait/]);
});

t.test(
  'a call that failed for good is not tried again: its events are counted, and the next call says so',
  async (t) => {
    const { hook, calls, told, said } = world({
      answer: async (count) => {
        if (count === 1) throw new Failed('exit code 3');
      },
    });
    hook.hear(event(1), 0);
    hook.hear(event(2), 0);
    await idle(hook);
    t.match(hook.report, { calls: 0, failures: 1, dropped: 2, failing: 'exit code 3' });
    hook.hear(event(3), 0);
    await idle(hook);
    t.same([told(), calls[1]?.body.missed], [[['1', '2'], ['3']], 2]);
    t.same(said, ['hook notify fails: exit code 3', 'note hook notify works again']);
    await hook.stop(100);
    t.match(said.slice(2), ['closed', /^note hook notify: 2 events were told to nobody/]);
  },
);

t.test('what may pass is tried again, with the same number, until it is given up', async (t) => {
  const later = async (count: number): Promise<void> => {
    if (count < 3) throw new Failed('503', { isPassing: true, after: 20 });
  };
  const { hook, calls, told } = world({ giveUp: 60_000, answer: later, random: () => -1 });
  hook.hear(event(1), 0);
  await sleep(5);
  hook.hear(event(2), 0);
  while (calls.length < 4) await sleep(5);
  t.same(told(), [['1'], ['1'], ['1'], ['2']]);
  t.equal(new Set(calls.slice(0, 3).map(({ id }) => id)).size, 1);
  t.match(hook.report, { calls: 2, failures: 2, dropped: 0 });
  const other = world({
    giveUp: 30,
    answer: async () => Promise.reject(new Failed('503', { isPassing: true, after: 20 })),
    random: () => -1,
  });
  other.hook.hear(event(1), 0);
  await sleep(200);
  t.match(other.hook.report, { calls: 0, failures: 2, dropped: 1 });
  await Promise.all([hook.stop(100), other.hook.stop(100)]);
});

t.test('anything else that is thrown is a failure, and not the end', async (t) => {
  const { hook } = world({ answer: async () => Promise.reject(new TypeError('oh')) });
  hook.hear(event(1), 0);
  await idle(hook);
  hook.hear(event(2), 0);
  await idle(hook);
  t.match(hook.report, { failures: 2, failing: 'oh' });
});

t.test('told to stop, it tells what waits without a pause, and gives up what hangs', async (t) => {
  const { hook, told } = world({ config: { name: 'n', pause: 60_000, batch: 1, queue: 10 } });
  for (const n of [1, 2, 3]) hook.hear(event(n), 0);
  await sleep(20);
  await hook.stop(5000);
  t.same(told(), [['1'], ['2'], ['3']]);
  hook.hear(event(4), 0);
  t.equal(hook.report.queued, 0);
  const hangs = world({
    answer: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('x')))),
  });
  for (const n of [1, 2, 3, 4]) hangs.hook.hear(event(n), 0);
  const begun = performance.now();
  await hangs.hook.stop(50);
  t.ok(performance.now() - begun < 1000);
  t.match(hangs.hook.report, { dropped: 4, failures: 0 });
  const waits = world({ giveUp: 600_000, answer: async () => Promise.reject(new Failed('503', { isPassing: true })) });
  waits.hook.hear(event(1), 0);
  await sleep(20);
  await waits.hook.stop(5000);
  t.match(waits.hook.report, { dropped: 1 });
});

t.test('what is against it is said at the begin', async (t) => {
  const { hook, said } = world({ fault: '/bin/x is not there' });
  t.match([said, hook.report.failing], [['hook notify fails: /bin/x is not there'], '/bin/x is not there']);
});

t.test('a body is a mebibyte, about, whatever the records are', async (t) => {
  const { hook, calls } = world({
    config: { name: 'n', pause: 0, batch: 1000, queue: 1000 },
    record: () => ({ n: '\u202e'.repeat(10_000) }),
  });
  for (let n = 0; n < 40; n++) hook.hear(event(n), 0);
  await idle(hook);
  t.ok(calls.length >= 2 && calls.every(({ body }) => JSON.stringify(body).length < 2_000_000));
});
