import t from 'tap';
import { packetsPassed } from '../../../src/daemon/passed.js';
import { native } from '../../../src/native.js';

t.test('packets that were looked up before have passed', async (t) => {
  t.equal(await native.barrier(), true, 'the kernel tells');
  let asked = 0;
  const begin = performance.now();
  await packetsPassed(async () => ++asked > 0);
  t.equal(asked, 1);
  await packetsPassed(async () => false);
  t.ok(performance.now() - begin >= 49, 'where it does not, they are given time');
});

t.test('many at once, while other work goes on', async (t) => {
  const turns = { count: 0, isOver: false };
  const turn = (): void => {
    turns.count++;
    if (!turns.isOver) setImmediate(turn);
  };
  turn();
  t.same(await Promise.all(Array.from({ length: 20 }, () => native.barrier())), new Array(20).fill(true));
  turns.isOver = true;
  t.ok(turns.count > 1, 'nobody waits for it who has not asked');
});
