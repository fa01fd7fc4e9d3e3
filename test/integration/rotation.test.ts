import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { followFiles } from '../../src/sources/files.js';

const LINES = 1_000_000;
const ROTATIONS = 50;
const LINE = 51;

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'dropset-rotation-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

/** Follows the log until all lines have come; answers how many came in their order, and the events. */
async function follow(path: string, writer: NodeJS.WritableStream): Promise<{ inOrder: number; kinds: string[] }> {
  const kinds: string[] = [];
  const signal = AbortSignal.timeout(60_000);
  const patterns = [{ pattern: path, start: 'beginning' }] as const;
  let inOrder = 0;
  for await (const { bytes } of followFiles(patterns, { signal, onEvent: ({ kind }) => kinds.push(kind) })) {
    for (let start = 0; start < bytes.length; start += LINE) {
      if (Number(bytes.toString('latin1', start, start + 9)) === inOrder) inOrder++;
      else return { inOrder, kinds };
    }
    writer.write(`${inOrder - 1}\n`);
    if (inOrder === LINES) break;
  }
  return { inOrder, kinds };
}

for (const [kind, event] of [
  ['rename', 'rotated'],
  ['delete', 'rotated'],
  ['symlink', 'rotated'],
  ['truncate', 'truncated'],
] as const) {
  t.test(`a million lines through ${ROTATIONS} rotations by ${kind}: each once, in order`, async (t) => {
    const path = join(folder(t), 'log');
    const script = ['test/integration/rotation-writer.mjs', kind, path, String(LINES), String(ROTATIONS)];
    const writer = spawn(process.execPath, script, { stdio: ['pipe', 'inherit', 'inherit'] });
    t.teardown(() => writer.kill());
    const { inOrder, kinds } = await follow(path, writer.stdin);
    t.equal(inOrder, LINES);
    t.equal(kinds.filter((one) => one === event).length, ROTATIONS);
  });
}

t.test('in a thread of its own', async (t) => {
  const path = join(folder(t), 'log');
  writeFileSync(path, 'old\n');
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.module).then(async ({ followFiles }) => {
       const patterns = [{ pattern: workerData.path, start: 'end' }];
       const chunks = followFiles(patterns, { signal: new AbortController().signal });
       parentPort.postMessage('ready');
       for await (const { bytes } of chunks) parentPort.postMessage(bytes.toString());
     });`,
    { eval: true, workerData: { path, module: resolve('dist/sources/files.js') } },
  );
  t.teardown(() => worker.terminate());
  t.same(await once(worker, 'message'), ['ready']);
  appendFileSync(path, 'new\n');
  t.same(await once(worker, 'message'), ['new\n']);
});
