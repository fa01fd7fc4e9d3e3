import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { Follower, type FollowerOptions } from '../../../src/daemon/follower.js';
import { type Event, sentenceOf } from '../../../src/model/events.js';

const note = (message: string): Event => ({ kind: 'note', level: 'info', message });

function follower(options: Partial<FollowerOptions> = {}) {
  return new Follower({
    wants: () => true,
    lineOf: (event) => `${sentenceOf(event)}\n`,
    heartbeat: 60_000,
    room: 1000,
    ...options,
  });
}

/** All that comes until it is closed, which is after what was heard. */
async function all(one: Follower): Promise<string[]> {
  one.close();
  let text = '';
  for await (const part of one.parts()) text += part;
  return text.split('\n').slice(0, -1);
}

t.test('what is heard comes, as it is heard, and what is not wanted does not', async (t) => {
  const one = follower({ wants: (event) => event.kind === 'note' });
  const parts = one.parts();
  const first = parts.next();
  await turn();
  one.hear({ kind: 'stop', stand: true }, 0);
  one.hear(note('a'), 0);
  one.hear(note('b'), 0);
  t.equal((await first).value, 'a\nb\n');
  const second = parts.next();
  await turn();
  one.hear(note('c'), 0);
  t.equal((await second).value, 'c\n');
  one.hear(note('d'), 0);
  one.close();
  t.equal((await parts.next()).value, 'd\n', 'what was heard before the end');
  t.equal((await parts.next()).done, true);
});

t.test('who waits is told of the end', async (t) => {
  const one = follower();
  const waiting = one.parts().next();
  await turn();
  one.close();
  t.equal((await waiting).done, true);
});

t.test('what there is no room for is counted, and told where it belongs', async (t) => {
  const one = follower({ room: 10 });
  for (let index = 0; index < 100; index++) one.hear(note('1234'), 0);
  const parts = one.parts();
  t.equal((await parts.next()).value, '1234\n1234\n', 'no more than there is room for');
  one.hear(note('next'), 0);
  const [missed, next, ...rest] = ((await parts.next()).value as string).split('\n');
  t.match(JSON.parse(missed as string), {
    event: 'missed',
    level: 'warning',
    count: 98,
    message: /^98 events were missed/,
  });
  t.same([next, ...rest], ['next', '']);
  for (let index = 0; index < 5; index++) one.hear(note('1234'), 0);
  const [, , last] = await all(one);
  t.match(JSON.parse(last as string), { event: 'missed', count: 3 }, 'also when nothing comes afterwards');
});

t.test('a large backlog is handed over in parts', async (t) => {
  const one = follower({ room: 1e9 });
  for (let index = 0; index < 300; index++) one.hear(note(`${index} ${'x'.repeat(1000)}`), 0);
  one.close();
  const lengths: number[] = [];
  let text = '';
  for await (const part of one.parts()) {
    lengths.push(part.length);
    text += part;
  }
  t.ok(lengths.length > 3 && Math.max(...lengths) < 70_000, String(lengths));
  t.same(
    text.match(/^\d+/gm)?.map(Number),
    Array.from({ length: 300 }, (_, index) => index),
  );
});

t.test('a heartbeat says that it goes on', async (t) => {
  const one = follower({ heartbeat: 1 });
  const parts = one.parts();
  for (let times = 0; times < 2; times++) {
    // Unreferenced, so that it keeps no process: somebody else has to.
    const timer = setTimeout(() => {}, 10_000);
    t.match(JSON.parse((await parts.next()).value as string), { event: 'heartbeat', level: 'debug', time: /Z$/ });
    clearTimeout(timer);
  }
});
