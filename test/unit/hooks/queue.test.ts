import t from 'tap';
import { Queue } from '../../../src/hooks/queue.js';
import type { Event } from '../../../src/model/events.js';
import { ban } from '../../jail.js';

const event = (address: string): Event => ban(address);

t.test('the oldest first, at most so many, and the others are counted', async (t) => {
  const queue = new Queue(2);
  t.same(
    [event('192.0.2.1'), event('192.0.2.2'), event('192.0.2.3')].map((one) => queue.add(one, 7)),
    [true, true, false],
  );
  t.equal(queue.length, 2);
  t.match(queue.take(1), [{ event: { ban: { prefix: { text: '192.0.2.1' } } }, time: 7 }]);
  t.equal(queue.take(5).length, 1);
  t.same([queue.missed(), queue.missed()], [1, 0]);
  queue.lost(3);
  queue.lost(2);
  t.equal(queue.missed(), 5);
});

t.test('the lines of a ban are not kept', async (t) => {
  const queue = new Queue(9);
  const verdict = ban('192.0.2.1');
  const long = { ...verdict.ban, lines: ['x'.repeat(5000)] };
  queue.add({ kind: 'ban', ban: long }, 0);
  queue.add({ kind: 'end', ban: long }, 0);
  queue.add({ kind: 'lifted', elements: 1 }, 0);
  t.notOk(JSON.stringify(queue.take(3)).includes('xxx'));
  t.equal(long.lines.length, 1, "somebody else's event is as it was");
});
