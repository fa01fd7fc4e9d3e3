import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Turns } from '../../../src/daemon/turns.js';

t.test('one at a time, in order, and a failure ends nobody else', async (t) => {
  const turns = new Turns();
  const events: string[] = [];
  const work = (name: string, milliseconds: number) => async () => {
    events.push(`${name} begins`);
    await sleep(milliseconds);
    events.push(`${name} ends`);
    if (name === 'b') throw new Error('b failed');
    return name;
  };
  const [a, b, c] = [turns.take(work('a', 5)), turns.take(work('b', 1)), turns.take(work('c', 0))];
  t.equal(await a, 'a');
  await t.rejects(b, { message: 'b failed' });
  t.equal(await c, 'c');
  t.same(events, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
