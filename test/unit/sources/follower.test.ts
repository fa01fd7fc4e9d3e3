import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Follower } from '../../../src/sources/follower.js';

interface Followed {
  readonly path: string;
  readonly kinds: string[];
  /** What is new, without waiting for an event. */
  readonly read: () => string[];
}

function followed(t: Test, path: string, maxLine = 99): Followed {
  const kinds: string[] = [];
  const follower = new Follower(path, {
    onChange: () => undefined,
    onEvent: (event) => {
      t.ok(event.message.startsWith(`${path} `));
      kinds.push(event.kind);
    },
    maxLine,
  });
  t.teardown(() => follower.close());
  const read = (): string[] => Array.from(follower.read()).flatMap((lines) => lines.map((line) => line.text));
  return { path, kinds, read };
}

const at = (t: Test, files: Record<string, string> = { log: 'old\n' }): string => join(t.testdir(files), 'log');

t.test('from the end, then what is new', async (t) => {
  const { path, read, kinds } = followed(t, at(t));
  t.same(read(), []);
  appendFileSync(path, 'a\nb\n');
  t.same(read(), ['a', 'b']);
  t.same(read(), []);
  t.same(kinds, ['opened']);
});

t.test('renamed, then created: the old file is read until the new one has bytes', async (t) => {
  const { path, read, kinds } = followed(t, at(t));
  renameSync(path, `${path}.1`);
  t.same(read(), []);
  appendFileSync(`${path}.1`, 'between\n');
  t.same(read(), ['between']);
  writeFileSync(path, '');
  t.same(read(), []);
  appendFileSync(`${path}.1`, 'late\n');
  t.same(read(), ['late']);
  appendFileSync(`${path}.1`, 'last\n');
  appendFileSync(path, 'new\n');
  t.same(read(), ['last', 'new']);
  appendFileSync(`${path}.1`, 'too late\n');
  t.same(read(), []);
  t.same(kinds, ['opened', 'missing', 'rotated']);
});

t.test('bytes that reach the old file while the new one is read', async (t) => {
  const path = at(t);
  const follower = new Follower(path, { onChange: () => undefined, onEvent: () => undefined, maxLine: 99 });
  t.teardown(() => follower.close());
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'new\n');
  const chunks = follower.read();
  t.equal(chunks.next().value?.[0]?.text, 'new');
  appendFileSync(`${path}.1`, 'old\n');
  t.equal(chunks.next().value?.[0]?.text, 'old');
  t.ok(chunks.next().done);
});

t.test('replaced twice before the first had a byte', async (t) => {
  const { path, read, kinds } = followed(t, at(t));
  for (const line of ['', 'new\n']) {
    writeFileSync(`${path}.new`, line);
    renameSync(`${path}.new`, path);
    t.same(read(), line === '' ? [] : ['new']);
  }
  t.same(kinds, ['opened', 'rotated', 'rotated']);
});

t.test('truncated', async (t) => {
  const { path, read, kinds } = followed(t, at(t));
  truncateSync(path);
  appendFileSync(path, 'a\n');
  t.same(read(), ['a']);
  t.same(kinds, ['opened', 'truncated']);
});

t.test('a link that is turned to another file', async (t) => {
  const path = join(t.testdir({ a: 'old\n', b: 'new\n' }), 'log');
  symlinkSync('a', path);
  const { read } = followed(t, path);
  t.same(read(), []);
  symlinkSync('b', `${path}.new`);
  renameSync(`${path}.new`, path);
  t.same(read(), ['new']);
});

t.test('missing with its directory, then from its beginning', async (t) => {
  const root = t.testdir();
  const { path, read, kinds } = followed(t, join(root, 'a/log'));
  t.same(read(), []);
  mkdirSync(join(root, 'a'));
  t.same(read(), []);
  writeFileSync(path, 'first\n');
  t.same(read(), ['first']);
  rmSync(join(root, 'a'), { recursive: true });
  t.same(read(), []);
  t.same(kinds, ['missing', 'missing', 'opened', 'missing']);
});

t.test('what cannot be opened is told once, and tried again', async (t) => {
  const path = at(t, {});
  symlinkSync('log', path);
  const { read, kinds } = followed(t, path);
  t.same(read(), []);
  t.same(read(), []);
  t.same(kinds, ['denied']);
  rmSync(path);
  writeFileSync(path, 'skipped, as it may have been there before\n');
  t.same(read(), []);
  appendFileSync(path, 'a\n');
  t.same(read(), ['a']);
  t.same(kinds, ['denied', 'opened']);
});

t.test('what can no longer be looked up', async (t) => {
  const { path, read, kinds } = followed(t, at(t));
  rmSync(path);
  symlinkSync('log', path);
  t.same(read(), []);
  t.same(kinds, ['opened', 'denied']);
});

t.test('a line that is too long', async (t) => {
  const { path, read, kinds } = followed(t, at(t), 4);
  appendFileSync(path, 'abcdefgh\nabcd\n');
  t.same(read(), ['abcd', 'abcd']);
  t.same(kinds, ['opened', 'oversized']);
});
