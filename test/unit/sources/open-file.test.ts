import { appendFileSync, linkSync, renameSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { OpenFile } from '../../../src/sources/open-file.js';
import { at } from './followed.js';

interface Opened {
  readonly file: OpenFile;
  readonly cut: number[];
  readonly changes: () => number;
  /** The next lines as text, and their offset. */
  readonly read: (size?: number) => [string, number] | undefined;
}

function open(t: Test, path: string, maxLine = 8): Opened {
  const cut: number[] = [];
  let changes = 0;
  const file = new OpenFile(path, { maxLine, onChange: () => changes++, onOversized: (length) => cut.push(length) });
  t.teardown(() => file.close());
  const read = (size = 32): [string, number] | undefined => {
    const piece = file.read(Buffer.alloc(size));
    return piece && [piece.bytes.toString('latin1'), piece.offset];
  };
  return { file, cut, changes: () => changes, read };
}

t.test('whole lines; the last one when it is finished', async (t) => {
  const path = at(t, { log: 'a\nbc' });
  const { file, read } = open(t, path);
  t.same(read(), ['a\n', 0]);
  t.equal(read(), undefined);
  t.equal(file.offset, 2);
  t.equal(file.behind, 2, 'of an unfinished line, too');
  appendFileSync(path, 'd\r\n\0\xff\n', 'latin1');
  t.equal(file.behind, 8);
  t.same(read(), ['bcd\r\n\0\xff\n', 2]);
  t.equal(file.behind, 0);
  truncateSync(path);
  t.equal(file.behind, 0);
  appendFileSync(path, 'abcdefghij');
  t.equal(read(), undefined);
});

t.test('no more than the buffer holds', async (t) => {
  const { read } = open(t, at(t, { log: '1234567\n'.repeat(5) }));
  t.same(read(), ['1234567\n'.repeat(4), 0]);
  t.same(read(), ['1234567\n', 32]);
});

t.test('a line that is too long is a chunk of its own, cut', async (t) => {
  const { file, read, cut } = open(t, at(t, { log: 'a\n123456789\n12345678\n' }));
  t.same(read(), ['a\n', 0]);
  t.same(read(), ['12345678\n', 2]);
  t.equal(file.offset, 12);
  t.same(read(), ['12345678\n', 12]);
  t.equal(read(), undefined);
  t.same(cut, [9]);
});

t.test('a line that is longer than the buffer, and not finished at first', async (t) => {
  const path = at(t, { log: `${'x'.repeat(100)}` });
  const { file, read, cut } = open(t, path);
  for (let i = 0; i < 4; i++) t.same(read(), ['', 0]);
  t.equal(read(), undefined);
  t.equal(file.position.offset, 0, 'the position is before it');
  appendFileSync(path, 'y\nz\n');
  t.same(read(), ['xxxxxxxx\n', 0]);
  t.same(read(), ['z\n', 102]);
  t.same(cut, [101]);
});

t.test('the end is behind the last whole line', async (t) => {
  for (const [text, offset] of [
    ['', 0],
    ['a\nb\n', 4],
    ['a\nb', 2],
    ['ab', 0],
    ['123456789', 9],
    ['a\n12345678', 2],
  ] as const) {
    const { file } = open(t, at(t, { log: text }));
    file.seekEnd();
    t.equal(file.offset, offset, JSON.stringify(text));
  }
});

t.test('the first line that is not too old', async (t) => {
  const { file, read } = open(t, at(t, { log: '1\n2\n3\n' }));
  file.seekSince((line) => line.toString() < '2');
  t.same(read(), ['2\n3\n', 2]);
});

t.test('a file that became shorter, or another', async (t) => {
  const path = at(t, { log: 'abc\n' });
  const { file, read } = open(t, path);
  read();
  appendFileSync(path, 'd\n');
  t.notOk(file.rewound());
  t.same(read(), ['d\n', 4]);
  truncateSync(path, 4);
  t.ok(file.rewound());
  t.same(read(), ['abc\n', 0]);
  writeFileSync(path, 'something else\n');
  t.ok(file.rewound());
  t.notOk(file.rewound());
  t.equal(file.offset, 0);
});

t.test('a truncation ends a line that is too long', async (t) => {
  const path = at(t, { log: 'x'.repeat(20) });
  const { file, read } = open(t, path);
  read();
  writeFileSync(path, 'a\n');
  t.ok(file.rewound());
  t.same(read(), ['a\n', 0]);
});

t.test('a position, and how to go on from it', async (t) => {
  const path = at(t, { log: 'abc\ndef\n', other: 'abc\ndef\n' });
  const first = open(t, path);
  first.read(5);
  const { position } = first.file;
  t.match(position, { kind: 'file', path, offset: 4, hashed: 8, inode: /^\d+$/, device: /^\d+$/ });
  const second = open(t, path);
  t.ok(second.file.resume(position));
  t.same(second.read(), ['def\n', 4]);
  t.notOk(open(t, join(dirname(path), 'other')).file.resume(position), 'another inode');
  writeFileSync(path, 'abcdefghijk\n');
  t.notOk(second.file.resume(position), 'another content');
});

t.test('a watch of its own follows the file, wherever it goes', async (t) => {
  const path = at(t);
  const { file, changes } = open(t, path);
  file.watch();
  file.watch();
  renameSync(path, `${path}.1`);
  await turn();
  await turn();
  const before = changes();
  appendFileSync(`${path}.1`, 'a\n');
  await turn();
  await turn();
  t.ok(changes() > before);
});

t.test('how many names it has, and whether anybody may still write to it', async (t) => {
  const path = at(t);
  const { file } = open(t, path);
  linkSync(path, `${path}.link`);
  t.equal(file.links, 2);
  unlinkSync(`${path}.link`);
  t.notOk(file.isAbandoned);
  unlinkSync(path);
  t.equal(file.links, 0);
  t.notOk(file.isAbandoned, 'it was written to a moment ago');
  writeFileSync(path, '');
  utimesSync(path, 0, 0);
  const quiet = open(t, path);
  t.notOk(quiet.file.isAbandoned, 'it has a name');
  unlinkSync(path);
  t.ok(quiet.file.isAbandoned);
});

t.test('what cannot be read', async (t) => {
  const path = at(t);
  t.throws(() => open(t, dirname(path)), { code: 'EINVAL', message: 'it is no regular file' });
  t.throws(() => open(t, `${path}.none`), { code: 'ENOENT' });
  t.equal(new OpenFile(path, { maxLine: 8, onChange: () => 0, onOversized: () => 0 }, '/named').path, '/named');
});
