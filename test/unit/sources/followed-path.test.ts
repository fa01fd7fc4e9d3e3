import {
  appendFileSync,
  chmodSync,
  closeSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { at, followed, limited } from './followed.js';

t.test('from the end, or from the beginning', async (t) => {
  const path = at(t, { log: 'old\nunfinished' });
  const end = followed(t, path);
  const beginning = followed(t, path, { start: 'beginning' });
  t.same([await end.read(), await beginning.read()], [[], ['old']]);
  appendFileSync(path, ' no more\nb\n');
  t.same(await end.read(), ['unfinished no more', 'b']);
  t.match(end.events, [{ kind: 'opened', message: /read from its end$/ }]);
  t.match(beginning.events, [{ kind: 'opened', message: /read from its beginning$/ }]);
});

t.test('from the first line that is not too old; from the first of all where nobody judges', async (t) => {
  const path = at(t, { log: '1\n2\n3\n4\n' });
  const { read } = followed(t, path, { start: 'since', isOld: (line) => Number(line.toString()) < 3 });
  t.same(await read(), ['3', '4']);
  t.same(await followed(t, path, { start: 'since' }).read(), ['1', '2', '3', '4']);
});

t.test('renamed, then created: what the old file gets is read first, and late lines too', async (t) => {
  const path = at(t);
  const { files, read, kinds } = followed(t, path);
  renameSync(path, `${path}.1`);
  t.same(await read(), []);
  appendFileSync(`${path}.1`, 'between\n');
  t.same(await read(), ['between']);
  t.match(files.positions, [{ path, offset: 12 }]);
  writeFileSync(path, '');
  t.same(await read(), []);
  t.match(files.positions, [{ path, offset: 12 }], 'the position is in the old file until the new one has been read');
  appendFileSync(path, 'new\n');
  appendFileSync(`${path}.1`, 'last\n');
  t.same(await read(), ['last', 'new']);
  appendFileSync(`${path}.1`, 'late\n');
  t.same(await read(), ['late'], 'by a writer that had not noticed');
  t.match(files.positions, [{ path, offset: 4 }]);
  t.same(kinds, ['opened', 'missing', 'rotated']);
});

t.test('renamed and created at once, again and again: nothing is told of an absence', async (t) => {
  const path = at(t);
  const { read, kinds } = followed(t, path);
  for (const line of ['a', 'b', 'c']) {
    appendFileSync(path, `before ${line}\n`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, `${line}\n`);
    t.same(await read(), [`before ${line}`, line]);
  }
  t.same(kinds, ['opened', 'rotated', 'rotated', 'rotated']);
});

t.test('renamed into another folder, and back', async (t) => {
  const path = at(t);
  const { read, kinds } = followed(t, path);
  mkdirSync(`${path}s`);
  renameSync(path, `${path}s/old`);
  t.same(await read(), []);
  appendFileSync(`${path}s/old`, 'moved\n');
  t.same(await read(), ['moved']);
  renameSync(`${path}s/old`, path);
  appendFileSync(path, 'back\n');
  t.same(await read(), ['back']);
  t.same(kinds, ['opened', 'missing']);
});

t.test('copied and truncated', async (t) => {
  const path = at(t);
  const { read, kinds } = followed(t, path);
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  appendFileSync(path, 'a\n');
  t.same(await read(), ['a']);
  t.same(kinds, ['opened', 'truncated']);
});

t.test('truncated and grown past the old end between two looks', async (t) => {
  const path = at(t);
  const { read, kinds } = followed(t, path);
  truncateSync(path);
  appendFileSync(path, 'longer than what was there\n');
  t.same(await read(), ['longer than what was there']);
  t.same(kinds, ['opened', 'truncated']);
});

t.test('a link that is turned to another file, and writes behind a link', async (t) => {
  const folder = t.testdir({ deep: { a: 'old\n', b: 'new\n' } });
  const path = join(folder, 'log');
  symlinkSync('deep/a', path);
  const { read } = followed(t, path);
  appendFileSync(join(folder, 'deep/a'), 'a\n');
  t.same(await read(), ['a']);
  symlinkSync('deep/b', `${path}.new`);
  renameSync(`${path}.new`, path);
  t.same(await read(), ['new']);
  appendFileSync(join(folder, 'deep/b'), 'b\n');
  t.same(await read(), ['b']);
});

t.test('written through another name of the same file', async (t) => {
  const folder = t.testdir({ far: { log: '' } });
  linkSync(join(folder, 'far/log'), join(folder, 'log'));
  const { read } = followed(t, join(folder, 'log'));
  appendFileSync(join(folder, 'far/log'), 'a\n');
  t.same(await read(), ['a']);
});

t.test('removed and made again: what its writer still writes is read, then it is let go', async (t) => {
  const path = at(t);
  const { read, kinds } = followed(t, path);
  const open = (): string[] => readdirSync('/proc/self/fd');
  const before = open().length;
  const writer = openSync(path, 'a');
  writeSync(writer, 'a\n');
  unlinkSync(path);
  t.same(await read(), ['a']);
  writeSync(writer, 'b\n');
  t.same(await read(), ['b']);
  closeSync(writer);
  writeFileSync(path, 'new\n');
  t.same(await read(), ['new']);
  appendFileSync(path, 'c\n');
  t.same(await read(), ['c']);
  t.equal(open().length, before);
  t.same(kinds, ['opened', 'missing', 'rotated']);
});

t.test('removed after it was long quiet: it is let go, because its blocks are wanted back', async (t) => {
  const path = at(t);
  const { read, files } = followed(t, path.replace(/g$/, '[g]'));
  utimesSync(path, 0, 0);
  t.equal(files.positions.length, 1);
  unlinkSync(path);
  t.same(await read(), []);
  t.same(files.positions, []);
  writeFileSync(path, 'new\n');
  t.same(await read(), ['new']);
});

t.test('in another life: rotated meanwhile, or another content under the same inode number', async (t) => {
  const path = at(t);
  const { files } = followed(t, path);
  files.close();
  const again = { positions: files.positions };
  appendFileSync(path, 'rest\n');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'new\n');
  t.same(await followed(t, path, again).read(), ['rest', 'new']);
  writeFileSync(`${path}.1`, 'nobody knows this\n');
  t.same(await followed(t, path, again).read(), ['new']);
  renameSync(`${path}.1`, path);
  t.same(await followed(t, path, again).read(), ['nobody knows this']);
});

t.test('a link that cannot be watched is not read, and that is told', async (t) => {
  t.match(limited(3), { events: [{}, { kind: 'denied', path: /link$/, message: /max_user_watches is exhausted/ }] });
});

t.test('replaced by a directory, and back', async (t) => {
  const path = at(t);
  const { read, kinds } = followed(t, path);
  renameSync(path, `${path}.away`);
  mkdirSync(path);
  appendFileSync(`${path}.away`, 'a\n');
  t.same(await read(), ['a']);
  t.same(await read(), []);
  rmdirSync(path);
  renameSync(`${path}.away`, path);
  appendFileSync(path, 'b\n');
  t.same(await read(), ['b']);
  t.same(kinds, ['opened', 'denied']);
});

t.test('missing with its directory, then from its beginning', async (t) => {
  const path = join(t.testdir(), 'a/log');
  const { read, kinds } = followed(t, path);
  t.same(await read(), []);
  mkdirSync(dirname(path));
  t.same(await read(), []);
  writeFileSync(path, 'first\n');
  t.same(await read(), ['first']);
  rmSync(dirname(path), { recursive: true });
  t.same(await read(), []);
  mkdirSync(dirname(path));
  writeFileSync(path, 'second\n');
  t.same(await read(), ['second']);
  t.same(kinds, ['missing', 'opened', 'missing', 'rotated']);
});

t.test('what leads to itself is told once, and tried again', async (t) => {
  const path = at(t, {});
  symlinkSync('log', path);
  const { read, events } = followed(t, path);
  t.same(await read(), []);
  t.same(await read(), []);
  t.match(events, [{ kind: 'denied', path, message: /cannot be read: ELOOP/ }]);
  rmSync(path);
  writeFileSync(path, 'passed over: it may have been there before\n');
  t.same(await read(), []);
  appendFileSync(path, 'a\n');
  t.same(await read(), ['a']);
});

t.test('permission that is lost and regained', async (t) => {
  const path = at(t);
  const { read, kinds } = followed(t, path);
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'a\n', { mode: 0 });
  process.seteuid?.(65534);
  const lines = await Promise.all([read(), read()]).finally(() => process.seteuid?.(0));
  t.same(lines, [[], []]);
  t.same(kinds, ['opened', 'denied']);
  chmodSync(path, 0o644);
  t.same(await read(), ['a']);
  t.same(kinds, ['opened', 'denied', 'rotated']);
});

t.test('how far it is behind: in the file before, and in the one that has its name', async (t) => {
  const path = at(t);
  const { files, read } = followed(t, path);
  const behind = (): number | undefined => files.behind[0]?.bytes;
  t.equal(behind(), 0);
  appendFileSync(path, 'a\n');
  t.equal(behind(), 2);
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'bcd\n');
  t.same(await read(), ['a', 'bcd']);
  t.equal(behind(), 0);
  appendFileSync(`${path}.1`, 'late\n');
  appendFileSync(path, 'x\n');
  t.equal(behind(), 7);
  files.close();
  t.same(files.behind, []);
});
