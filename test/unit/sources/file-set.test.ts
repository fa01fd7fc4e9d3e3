import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Chunk } from '../../../src/sources/chunk.js';
import type { FileSet } from '../../../src/sources/file-set.js';
import { at, followed, limited } from './followed.js';

const MEBIBYTE = 1024 * 1024;

/** Every chunk that there is now. */
function* chunks(files: FileSet): Generator<Chunk> {
  for (let chunk = files.read(); chunk; chunk = files.read()) if (chunk !== 'again') yield chunk;
}

t.test('how far each path is behind', async (t) => {
  const [a, b] = [at(t, { log: '' }), `${at(t, { log: '', 'log.2': '' })}.2`];
  const { files } = followed(t, [a, b]);
  appendFileSync(b, 'ab\ncd');
  t.same(files.behind, [
    { path: a, bytes: 0 },
    { path: b, bytes: 5 },
  ]);
  [...chunks(files)].length;
  t.match(files.behind, [{ bytes: 0 }, { bytes: 2 }]);
});

/** The kernel's own count. */
const watches = (): number =>
  readdirSync('/proc/self/fdinfo').reduce((count, name) => {
    try {
      const text = readFileSync(`/proc/self/fdinfo/${name}`, 'utf8');
      return count + (text.match(/^inotify wd/gm)?.length ?? 0);
    } catch {
      return count;
    }
  }, 0);

/** A file system of the test's own. */
function mounted(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-mount-'));
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  t.teardown(() => {
    execFileSync('sh', ['-c', `umount -l ${folder} 2>&1 || true`]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

t.test('a chunk says where it is from, and where to go on', async (t) => {
  const path = at(t, { log: 'a\nbc\nunfinished' });
  const { files } = followed(t, path, { start: 'beginning' });
  const found = Array.from(chunks(files), (chunk) => ({ ...chunk, bytes: chunk.bytes.toString() }));
  t.match(found, [
    { source: path, bytes: 'a\nbc\n', offset: 0, position: { kind: 'file', path, offset: 5, hashed: 15 } },
  ]);
  t.same(files.positions, [found[0]?.position]);
  files.close();
  t.same(files.positions, [found[0]?.position], 'also when it is closed');
});

t.test('files that match later are read from their beginning, in new folders too', async (t) => {
  const folder = t.testdir({ a: { 'x.log': 'old\n', 'x.txt': '' } });
  const { read, kinds } = followed(t, join(folder, '*/[!y]*.log'));
  appendFileSync(join(folder, 'a/x.log'), '1\n');
  writeFileSync(join(folder, 'a/z.log'), '2\n');
  writeFileSync(join(folder, 'a/y.log'), 'not wanted\n');
  writeFileSync(join(folder, 'a/.hidden.log'), 'not wanted\n');
  t.same(await read(), ['1', '2']);
  mkdirSync(join(folder, 'b'));
  t.same(await read(), []);
  writeFileSync(join(folder, 'b/z.log'), '3\n');
  t.same(await read(), ['3']);
  t.same(kinds, ['opened', 'opened', 'opened']);
});

t.test('a pattern that leads nowhere is told once', async (t) => {
  const folder = t.testdir();
  const { read, events } = followed(t, join(folder, '*.log'));
  writeFileSync(join(folder, 'a.log'), 'a\n');
  t.same(await read(), ['a']);
  unlinkSync(join(folder, 'a.log'));
  t.same(await read(), []);
  t.match(events, [
    { kind: 'missing', path: join(folder, '*.log'), message: /leads to no file/ },
    { kind: 'opened' },
    { kind: 'missing', path: join(folder, '*.log') },
    { kind: 'missing', path: join(folder, 'a.log') },
  ]);
});

t.test('rotated logs that match too are not read again, through three rotations', async (t) => {
  const folder = t.testdir({ log: '0\n' });
  const path = join(folder, 'log');
  const { read } = followed(t, `${path}*`, { start: 'beginning' });
  t.same(await read(), ['0']);
  for (let i = 1; i <= 3; i++) {
    appendFileSync(path, `late ${i}\n`);
    for (let old = i - 1; old >= 0; old--) renameSync(old ? `${path}.${old}` : path, `${path}.${old + 1}`);
    writeFileSync(path, `${i}\n`);
    t.same(await read(), [`late ${i}`, String(i)]);
  }
  for (const name of ['log', 'log.1', 'log.2', 'log.3']) {
    appendFileSync(join(folder, name), `more of ${name}\n`);
    t.same(await read(), [`more of ${name}`]);
  }
});

t.test('one path, two patterns', async (t) => {
  const path = at(t);
  t.same(await followed(t, [path, `${path}*`], { start: 'beginning' }).read(), ['old']);
});

t.test('files take turns, a mebibyte at most', async (t) => {
  const line = `${'x'.repeat(99)}\n`;
  const folder = t.testdir({ a: line.repeat(30_000), b: line.repeat(30_000), c: 'short\n' });
  const { files } = followed(t, `${folder}/*`, { start: 'beginning' });
  const turns = Array.from(chunks(files), ({ source, bytes }) => ({ name: source.slice(-1), size: bytes.length }));
  t.same(turns.map(({ name }) => name).join(''), 'abcabab');
  t.ok(turns.every(({ size }) => size <= MEBIBYTE));
});

t.test('one watch for a folder, however many files it has', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-watches-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (let i = 0; i < 100; i++) writeFileSync(join(folder, `${i}.log`), '');
  const before = watches();
  const { files, read } = followed(t, `${folder}/*.log`);
  t.equal(files.directories, folder.split('/').length);
  t.equal(watches() - before, files.directories);
  for (let i = 0; i < 100; i++) appendFileSync(join(folder, `${i}.log`), `${i}\n`);
  t.equal((await read()).length, 100);
});

t.test('a storm of events: what the kernel may have dropped is looked for', async (t) => {
  const folder = t.testdir({ log: '', other: '' });
  const { read } = followed(t, join(folder, 'log'));
  t.same(await read(), []);
  for (let i = 0; i < 10_000; i++) {
    appendFileSync(join(folder, 'other'), 'x');
    appendFileSync(join(folder, 'other2'), 'x');
  }
  appendFileSync(join(folder, 'log'), 'lost in the storm\n');
  t.same(await read(), ['lost in the storm']);
});

t.test('a folder that is unmounted', async (t) => {
  const folder = mounted(t);
  const { read, kinds } = followed(t, join(folder, 'log'));
  execFileSync('umount', [folder]);
  writeFileSync(join(folder, 'log'), 'below\n');
  t.same(await read(), ['below']);
  t.same(kinds, ['missing', 'opened']);
});

t.test('a folder that is a link, and is turned to another one', async (t) => {
  const folder = t.testdir({ a: { log: 'old\n' }, b: { log: 'new\n' } });
  symlinkSync('a', join(folder, 'now'));
  const { read } = followed(t, join(folder, 'now/log'));
  t.same(await read(), []);
  symlinkSync('b', join(folder, 'next'));
  renameSync(join(folder, 'next'), join(folder, 'now'));
  t.same(await read(), ['new']);
});

t.test('limits of inotify: an error at the start, an event later', async (t) => {
  t.match(limited(0), {
    thrown: '/ cannot be watched: fs.inotify.max_user_watches is exhausted; raise it with sysctl -w',
  });
  const exhausted = /cannot be watched: fs.inotify.max_user_watches is exhausted/;
  t.match(limited(3), {
    events: [
      { kind: 'missing' },
      { kind: 'denied', path: /link$/, message: exhausted },
      { kind: 'denied', path: /\*\/log$/, message: exhausted },
      { kind: 'denied', path: /new\/log$/, message: exhausted },
    ],
    lines: 0,
  });
});

t.test('of files that match no longer, the last 64 are held', async (t) => {
  const folder = t.testdir({ away: {} });
  const { read, files } = followed(t, `${folder}/*.log`);
  for (let i = 0; i < 70; i++) {
    writeFileSync(join(folder, `${i}.log`), `${i}\n`);
    t.same(await read(), [String(i)]);
    renameSync(join(folder, `${i}.log`), join(folder, 'away', String(i)));
    t.same(await read(), []);
  }
  await turn();
  t.equal(files.positions.length, 64);
});

t.test('what is wrong with the call', async (t) => {
  t.throws(() => followed(t, 'log'), { code: 'source', message: /"log" is no absolute path/ });
  t.throws(() => followed(t, '/log', { maxLine: 0 }), RangeError);
  t.throws(() => followed(t, '/log', { maxLine: MEBIBYTE }), RangeError);
});

t.test('not more than 4,096 paths', async (t) => {
  const folder = t.testdir();
  for (let i = 0; i <= 4096; i++) writeFileSync(join(folder, String(i)), '');
  const { files, events } = followed(t, `${folder}/*`);
  t.equal(files.positions.length, 4096);
  t.match(events.at(0), { kind: 'denied', path: `${folder}/*`, message: /more than 4096 files/ });
});

t.test(
  'other patterns: what is followed goes on, what is new begins as they say, what nobody wants is let go',
  async (t) => {
    const folder = t.testdir({ 'a.log': 'old\n', 'b.log': 'old\n', 'c.log': 'old\n' });
    const [a, b, c] = ['a.log', 'b.log', 'c.log'].map((name) => join(folder, name)) as [string, string, string];
    const { files, read, kinds } = followed(t, [a, b]);
    t.same(await read(), []);
    appendFileSync(a, 'first\n');
    appendFileSync(b, 'unread\n');
    const places = files.retarget([
      { pattern: a, start: 'end' },
      { pattern: c, start: 'end' },
    ]);
    t.match(places, [{ path: c, offset: 4 }]);
    for (const path of [a, b, c]) appendFileSync(path, 'second\n');
    t.same((await read()).sort(), ['first', 'second', 'second']);
    t.same(new Set(files.positions.map(({ path }) => path)), new Set([a, c]));
    files.retarget([{ pattern: join(folder, '*.log'), start: 'end' }]);
    t.same(await read(), ['unread', 'second'], 'read on from where it was left');
    t.equal(files.directories > 0, true);
    t.throws(() => files.retarget([{ pattern: 'relative', start: 'end' }]), { code: 'source' });
    appendFileSync(a, 'third\n');
    t.same(await read(), ['third'], 'nothing has changed');
    files.retarget([]);
    t.same([files.directories, files.positions], [0, []]);
    t.notOk(kinds.includes('rotated'));
  },
);
