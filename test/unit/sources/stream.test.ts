import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import type { SourceEvent } from '../../../src/sources/event.js';
import { oversized, readStream } from '../../../src/sources/stream.js';

t.test('to the end, with a last line that has no newline', async (t) => {
  const { stdout } = spawn('printf', ['a\\nb\\nlast']);
  const found: unknown[] = [];
  for await (const { bytes, ...rest } of readStream(stdout, 'stdin')) found.push([bytes.toString(), rest]);
  t.same(found, [
    ['a\nb\n', { source: 'stdin', offset: 0 }],
    ['last\n', { source: 'stdin', offset: 4 }],
  ]);
});

t.test('a line that is too long is told', async (t) => {
  const events: SourceEvent[] = [];
  const found: string[] = [];
  const options = { maxLine: 2, onEvent: (event: SourceEvent) => events.push(event) };
  for await (const { bytes } of readStream(Readable.from([Buffer.from('abc\nd\n')]), 'pipe', options)) {
    found.push(bytes.toString());
  }
  t.same(found, ['ab\n', 'd\n']);
  t.same(events, [oversized('pipe', 3)]);
});

t.test('it is read no faster than it is taken', async (t) => {
  const writer = spawn('sh', ['-c', 'yes | head -c 100000000']);
  const chunks = readStream(writer.stdout, 'yes');
  await chunks.next();
  await pause(50);
  t.ok((writer.stdout as Socket).bytesRead < 1024 * 1024);
  await chunks.return(undefined);
  t.ok(writer.stdout.destroyed);
});

t.test('an abort is an end', async (t) => {
  const cat = spawn('cat');
  t.teardown(() => cat.kill());
  const { stdout } = cat;
  const controller = new AbortController();
  const chunks = readStream(stdout, 'cat', { signal: controller.signal });
  const pending = chunks.next();
  controller.abort();
  t.ok((await pending).done);
  t.ok(stdout.destroyed);
  t.ok((await readStream(Readable.from(['a\n']), 'x', { signal: AbortSignal.abort() }).next()).done);
});

t.test('what the stream fails with', async (t) => {
  const broken = new Readable({ read: () => broken.destroy(new Error('broken')) });
  await t.rejects(readStream(broken, 'x').next(), { message: 'broken' });
});
