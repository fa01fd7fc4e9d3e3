import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Bell } from '../../../src/sources/bell.js';
import { DirectoryWatch } from '../../../src/sources/directory.js';

function watched(t: Test, path: string): { bell: Bell; watch: DirectoryWatch } {
  const bell = new Bell();
  const watch = new DirectoryWatch(path, () => bell.ring());
  t.teardown(() => watch.close());
  watch.renew();
  return { bell, watch };
}

t.test('the nearest directory that exists', async (t) => {
  const root = t.testdir();
  const { bell, watch } = watched(t, join(root, 'a/b/log'));
  t.equal(watch.directory, root);
  mkdirSync(join(root, 'a'));
  await bell.wait();
  watch.renew();
  t.equal(watch.directory, join(root, 'a'));
  mkdirSync(join(root, 'a/b'));
  await bell.wait();
  watch.renew();
  t.equal(watch.directory, join(root, 'a/b'));
});

t.test('a picky watch hears the path and its directory only', async (t) => {
  const root = t.testdir({ logs: { other: '' } });
  const { bell, watch } = watched(t, join(root, 'logs/log'));
  watch.isPicky = true;
  let rings = 0;
  const listen = async (): Promise<void> => {
    await bell.wait();
    rings++;
  };
  const first = listen();
  writeFileSync(join(root, 'logs/other'), 'x');
  writeFileSync(join(root, 'logs/another'), 'x');
  writeFileSync(join(root, 'logs/log'), '');
  await first;
  const second = listen();
  renameSync(join(root, 'logs'), join(root, 'old'));
  await second;
  t.equal(rings, 2);
});

t.test('a write to the path is heard unless the watch is picky', async (t) => {
  const root = t.testdir({ log: '', other: '' });
  const { bell, watch } = watched(t, join(root, 'log'));
  writeFileSync(join(root, 'log'), 'x');
  await bell.wait();
  watch.isPicky = true;
  writeFileSync(join(root, 'log'), 'x');
  renameSync(join(root, 'log'), join(root, 'log.1'));
  await t.resolves(bell.wait());
});

t.test('closing what was never opened', async () => {
  new DirectoryWatch('/nowhere', () => undefined).close();
});

t.test('what not even the root can be watched for', async (t) => {
  t.throws(() => new DirectoryWatch(`/${'x'.repeat(300)}/log`, () => undefined).renew(), { code: 'ENAMETOOLONG' });
});
