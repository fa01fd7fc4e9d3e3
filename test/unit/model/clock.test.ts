import { Worker } from 'node:worker_threads';
import t from 'tap';
import { monotonic, systemClock } from '../../../src/model/clock.js';

t.test('the system clock counts milliseconds since the epoch', async (t) => {
  const before = Date.now();
  const now = systemClock();
  t.ok(now >= before && now <= Date.now());
});

t.test('the monotonic clock is one for all threads', async (t) => {
  const text = "require('node:worker_threads').parentPort.postMessage(process.hrtime())";
  // Later than this thread's begin: clocks that begin anew in each thread would differ by that.
  const before = monotonic();
  const worker = new Worker(text, { eval: true });
  const [seconds, nanoseconds] = await new Promise<[number, number]>((resolve) => worker.once('message', resolve));
  const there = seconds * 1e3 + nanoseconds / 1e6;
  t.ok(there > before && there < monotonic());
});
