// A thread that runs the program on frames, over and over, until it is told to stop: { addon, program, frames, repeat }.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const { addon, program, frames, repeat, stop } = workerData;
const native = createRequire(import.meta.url)(addon);
const asked = new Int32Array(stop);
let rounds = 0;
parentPort.postMessage('ready');
for (; Atomics.load(asked, 0) === 0; rounds++)
  for (const frame of frames) native.testRun(program, Buffer.from(frame), repeat);
parentPort.postMessage(rounds);
