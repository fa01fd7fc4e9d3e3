import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { threadTime } from '../../../src/detection/thread-time.js';

t.test('it grows while the thread works', async (t) => {
  const before = threadTime();
  const end = before + 20;
  while (threadTime() < end) Math.sqrt(2);
  t.ok(threadTime() >= end);
});

t.test('it is no more than the time that has passed, and stands still while the thread sleeps', async (t) => {
  const [begin, before] = [performance.now(), threadTime()];
  await sleep(300);
  const worked = threadTime() - before;
  t.ok(worked < performance.now() - begin, 'others had the rest');
  t.ok(worked < 200, `${worked} ms of 300`);
});
