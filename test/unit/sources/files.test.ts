import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { type FollowedFiles, type FollowOptions, followFiles } from '../../../src/sources/files.js';
import { at } from './followed.js';

function following(
  t: Test,
  pattern: string,
  options: Partial<FollowOptions> = {},
): { chunks: FollowedFiles; stop: () => void } {
  const controller = new AbortController();
  t.teardown(() => controller.abort());
  const chunks = followFiles([{ pattern, start: 'end' }], { signal: controller.signal, ...options });
  return { chunks, stop: () => controller.abort() };
}

/** Waits until so many lines have come. */
async function take(chunks: FollowedFiles, count: number): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < count) {
    const next = await chunks.next();
    if (next.done) break;
    lines.push(...next.value.bytes.toString().split('\n').slice(0, -1));
  }
  return lines;
}

const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

t.test('lines come by themselves', async (t) => {
  const path = at(t);
  const { chunks } = following(t, path);
  const first = chunks.next();
  appendFileSync(path, 'a\nb\nc');
  const { value } = await first;
  t.match(value, { source: path, offset: 4, position: { path, offset: 8 } });
  t.equal(value.bytes.toString(), 'a\nb\n');
  t.same(chunks.behind, [{ path, bytes: 1 }]);
  appendFileSync(path, 'd\n');
  t.same(await take(chunks, 1), ['cd']);
  t.match(chunks.positions, [{ path, offset: 11 }]);
  t.ok(chunks.directories > 1);
});

t.test('rotations, by events alone', async (t) => {
  const path = at(t);
  const kinds: string[] = [];
  const { chunks } = following(t, path, { onEvent: (event) => kinds.push(event.kind) });
  for (let i = 0; i < 5; i++) {
    const coming = take(chunks, 2);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, `old ${i}\n`);
    writeFileSync(path, `new ${i}\n`);
    t.same(await coming, [`old ${i}`, `new ${i}`]);
  }
  t.equal(kinds.filter((kind) => kind === 'rotated').length, 5);
});

t.test('a pipe among files', async (t) => {
  const folder = t.testdir({ log: '' });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const { chunks } = following(t, `${folder}/*`);
  const coming = take(chunks, 100_001);
  const writer = spawn('sh', ['-c', `seq 100000 > ${folder}/pipe; echo end >> ${folder}/log`]);
  const closed = once(writer, 'close');
  const lines = await coming;
  t.equal(lines.filter((line) => line !== 'end').length, 100_000);
  t.same(
    chunks.positions.map(({ path }) => path),
    [join(folder, 'log')],
  );
  await closed;
});

t.test('a backlog lets others have their turn', async (t) => {
  const path = at(t);
  const { chunks } = following(t, path);
  appendFileSync(path, `${'x'.repeat(99)}\n`.repeat(100_000));
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  t.equal((await take(chunks, 100_000)).length, 100_000);
  clearInterval(timer);
  t.ok(turns > 0);
});

t.test('nothing is read while the consumer works', async (t) => {
  const path = at(t);
  const { chunks } = following(t, path);
  appendFileSync(path, 'a\n');
  const { value } = await chunks.next();
  appendFileSync(path, 'b\n');
  await pause(20);
  t.equal(value.bytes.toString(), 'a\n', 'the bytes are as they were');
  t.match(chunks.positions, [{ offset: 6 }]);
  t.same(await take(chunks, 1), ['b']);
});

t.test('the end: abort, return and break give everything back', async (t) => {
  const path = at(t);
  following(t, path).stop();
  const before = openDescriptors();
  const aborted = following(t, path);
  const pending = aborted.chunks.next();
  aborted.stop();
  aborted.stop();
  t.ok((await pending).done);
  const returned = following(t, path);
  const waiting = returned.chunks.next();
  await returned.chunks.return?.();
  t.ok((await waiting).done);
  const broken = following(t, path);
  appendFileSync(path, 'a\nb\n');
  for await (const _ of broken.chunks) break;
  t.ok((await broken.chunks.next()).done);
  const busy = following(t, path);
  appendFileSync(path, 'a\n');
  await busy.chunks.next();
  busy.stop();
  t.ok((await busy.chunks.next()).done);
  t.ok((await following(t, path, { signal: AbortSignal.abort() }).chunks.next()).done);
  t.equal(openDescriptors(), before);
});
