import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../model/clock.js';
import type { Assignment, News, Order } from './messages.js';
import { Station } from './station.js';

// The detection thread: what it does is in station.ts.
if (!parentPort) throw new Error('detection/worker.js is started as a thread');
const port = parentPort;
const station = new Station({
  assignment: workerData as Assignment,
  now: systemClock,
  post: (news: News) => port.postMessage(news),
});
port.on('message', (order: Order) => station.order(order));
await station.run();
port.close();
