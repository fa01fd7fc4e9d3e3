import { appendFileSync, chmodSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Line } from '../../../src/model/street.js';
import type { SourceEvent } from '../../../src/sources/event.js';
import { type FollowOptions, follow } from '../../../src/sources/file.js';

type Lines = AsyncIterableIterator<readonly Line[]>;

function following(t: Test, path: string, options: Partial<FollowOptions> = {}): { lines: Lines; stop: () => void } {
  const controller = new AbortController();
  t.teardown(() => controller.abort());
  const lines = follow(path, { signal: controller.signal, ...options });
  return { lines, stop: () => controller.abort() };
}

/** Waits until so many lines have come. */
async function take(lines: Lines, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const next = await lines.next();
    if (next.done) break;
    texts.push(...next.value.map((line) => line.text));
  }
  return texts;
}

const openDescriptors = (): number => readdirSync('/proc/self/fd').length;

t.test('lines come by themselves', async (t) => {
  const path = join(t.testdir({ log: 'old\n' }), 'log');
  const { lines } = following(t, path);
  const first = lines.next();
  appendFileSync(path, 'a\nb\nc');
  t.same((await first).value, [
    { text: 'a', source: path, position: 4 },
    { text: 'b', source: path, position: 6 },
  ]);
  appendFileSync(path, 'd\n');
  t.same(await take(lines, 1), ['cd']);
});

t.test('a rotation, by events alone', async (t) => {
  const path = join(t.testdir({ log: '' }), 'log');
  const kinds: string[] = [];
  const { lines } = following(t, path, { onEvent: (event) => kinds.push(event.kind) });
  for (let i = 0; i < 5; i++) {
    const coming = take(lines, 2);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, `old ${i}\n`);
    writeFileSync(path, `new ${i}\n`);
    t.same(await coming, [`old ${i}`, `new ${i}`]);
  }
  t.equal(kinds.filter((kind) => kind === 'rotated').length, 5);
});

t.test('a file that appears', async (t) => {
  const path = join(t.testdir(), 'log');
  const { lines } = following(t, path);
  const coming = take(lines, 1);
  setImmediate(() => writeFileSync(path, 'first\n'));
  t.same(await coming, ['first']);
});

t.test('a file that may be read later', async (t) => {
  const directory = t.testdir({ log: '' });
  const path = join(directory, 'log');
  chmodSync(path, 0);
  process.seteuid?.(65534);
  t.teardown(() => process.seteuid?.(0));
  const kinds: string[] = [];
  const onEvent = ({ kind }: SourceEvent): void => {
    kinds.push(kind);
    if (kind === 'opened') appendFileSync(path, 'a\n');
  };
  const { lines } = following(t, path, { onEvent });
  if (kinds[0] === 'missing') return t.pass('the test directory itself is closed');
  t.same(kinds, ['denied']);
  const coming = take(lines, 1);
  process.seteuid?.(0);
  chmodSync(path, 0o644);
  t.same(await coming, ['a']);
});

t.test('a backlog lets others have their turn', async (t) => {
  const path = join(t.testdir({ log: '' }), 'log');
  const { lines } = following(t, path);
  appendFileSync(path, 'x'.repeat(99).concat('\n').repeat(20_000));
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  t.equal((await take(lines, 20_000)).length, 20_000);
  clearInterval(timer);
  t.ok(turns > 0);
});

t.test('the end: abort, return and break give everything back', async (t) => {
  const path = join(t.testdir({ log: '' }), 'log');
  following(t, path).stop();
  const before = openDescriptors();
  const aborted = following(t, path);
  const pending = aborted.lines.next();
  aborted.stop();
  aborted.stop();
  t.ok((await pending).done);
  const returned = following(t, path);
  const waiting = returned.lines.next();
  await returned.lines.return?.();
  t.ok((await waiting).done);
  const broken = following(t, path);
  appendFileSync(path, 'a\nb\n');
  for await (const chunk of broken.lines) if (chunk.length > 0) break;
  t.ok((await broken.lines.next()).done);
  const busy = following(t, path);
  appendFileSync(path, 'a\n');
  await busy.lines.next();
  busy.stop();
  t.ok((await busy.lines.next()).done);
  t.ok((await following(t, path, { signal: AbortSignal.abort() }).lines.next()).done);
  t.equal(openDescriptors(), before);
});
