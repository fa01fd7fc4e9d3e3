import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { FilePosition } from '../../../src/sources/chunk.js';
import { fits, Head } from '../../../src/sources/head.js';
import { at } from './followed.js';

function open(t: Test, path: string): number {
  const descriptor = openSync(path, 'r');
  t.teardown(() => closeSync(descriptor));
  return descriptor;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

t.test('it grows with the file, up to 1 KiB', async (t) => {
  const path = at(t, { log: '' });
  const descriptor = open(t, path);
  const head = new Head();
  t.ok(head.refresh(descriptor));
  t.equal(head.hash, sha256(''));
  appendFileSync(path, 'abc');
  t.ok(head.refresh(descriptor));
  t.equal(head.length, 3);
  t.equal(head.hash, sha256('abc'));
  appendFileSync(path, 'x'.repeat(2000));
  t.ok(head.refresh(descriptor));
  t.equal(head.length, 1024);
  t.equal(head.hash, sha256(`abc${'x'.repeat(1021)}`));
});

t.test('another content, and a shorter one', async (t) => {
  const path = at(t, { log: 'abc' });
  const descriptor = open(t, path);
  const head = new Head();
  head.refresh(descriptor);
  writeFileSync(path, 'abd and more');
  t.notOk(head.refresh(descriptor));
  t.equal(head.hash, sha256('abd and more'));
  truncateSync(path, 3);
  t.notOk(head.refresh(descriptor));
  t.ok(head.refresh(descriptor));
});

t.test('which positions fit', async (t) => {
  const descriptor = open(t, at(t, { log: 'abcdef' }));
  const position = (offset: number, text: string): FilePosition => {
    return { kind: 'file', path: '', device: '', inode: '', offset, hash: sha256(text), hashed: text.length };
  };
  t.ok(fits(descriptor, 6, position(6, 'abc')));
  t.ok(fits(descriptor, 6, position(0, '')));
  t.notOk(fits(descriptor, 6, position(7, 'abc')), 'beyond the end');
  t.notOk(fits(descriptor, 6, position(6, 'abd')), 'another content');
  t.notOk(fits(descriptor, 6, position(6, 'abcdefg')), 'a longer one');
  t.notOk(fits(descriptor, 6, { ...position(6, 'abc'), hashed: 1e12 }), 'what nobody can have stored');
});
