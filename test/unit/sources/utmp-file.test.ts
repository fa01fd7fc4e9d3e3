import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { UtmpFile } from '../../../src/sources/utmp-file.js';

const file = (t: Test, text: string): { path: string; open: () => UtmpFile } => {
  const path = join(t.testdir(), 'btmp');
  writeFileSync(path, text);
  const open = (): UtmpFile => {
    const opened = new UtmpFile(path, () => undefined);
    t.teardown(() => opened.close());
    return opened;
  };
  return { path, open };
};

t.test('reads on where it stopped, under any name', async (t) => {
  const { path, open } = file(t, 'one');
  const opened = open();
  t.equal(opened.read().toString(), 'one');
  t.equal(opened.read().length, 0);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, 'two');
  t.equal(opened.read().toString(), 'two');
  t.equal(opened.offset, 6);
  t.equal(opened.size, 6);
  t.equal(opened.beginning(2).toString(), 'on');
  t.equal(opened.isAt(path), false);
  t.equal(opened.isAt(`${path}.1`), true);
});

t.test('a change is heard', async (t) => {
  const path = join(t.testdir(), 'btmp');
  writeFileSync(path, '');
  await new Promise<void>((resolve) => {
    const opened = new UtmpFile(path, resolve);
    t.teardown(() => opened.close());
    appendFileSync(path, 'x');
  });
});

t.test('rewritten: shorter, or with another beginning', async (t) => {
  const { path, open } = file(t, '');
  const opened = open();
  t.equal(opened.isRewritten(), false);
  appendFileSync(path, 'one');
  t.equal(opened.isRewritten(), false);
  opened.read();
  truncateSync(path);
  t.equal(opened.isRewritten(), true);
  opened.offset = 0;
  t.equal(opened.isRewritten(), false, 'once');
  appendFileSync(path, 'abc');
  t.equal(opened.isRewritten(), false);
  opened.read();
  writeFileSync(path, 'other and longer');
  t.equal(opened.isRewritten(), true);
  opened.offset = 0;
  t.equal(opened.isRewritten(), false);
});

t.test('a position fits its file and no other', async (t) => {
  const { path, open } = file(t, 'one two');
  const opened = open();
  const position = opened.positionAt('/var/log/btmp', 5);
  t.match(position, { kind: 'file', path: '/var/log/btmp', offset: 5, hashed: 5 });
  t.equal(position.hash.length, 64);
  t.equal(open().fits(position), true);
  appendFileSync(path, 'more');
  t.equal(open().fits(position), true);
  t.equal(open().fits({ ...position, inode: '1' }), false);
  t.equal(open().fits({ ...position, device: '1' }), false);
  t.equal(open().fits({ ...position, offset: 100 }), false);
  t.equal(open().fits({ ...position, hashed: 1e9 }), false);
  writeFileSync(path, 'ono two');
  t.equal(open().fits(position), false);
});

t.test('what cannot be read leaves no descriptor', async (t) => {
  const directory = t.testdir();
  mkdirSync(join(directory, 'd'));
  const before = readdirSync('/proc/self/fd').length;
  t.throws(() => new UtmpFile(join(directory, 'd'), () => undefined), { code: 'EINVAL' });
  t.throws(() => new UtmpFile(join(directory, 'none'), () => undefined), { code: 'ENOENT' });
  t.equal(readdirSync('/proc/self/fd').length, before);
  rmSync(join(directory, 'd'), { recursive: true });
});
