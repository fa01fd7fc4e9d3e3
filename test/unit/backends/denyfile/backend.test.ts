import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { DenyfileBackend } from '../../../../src/backends/denyfile/backend.js';
import type { DenyfileOptions } from '../../../../src/backends/denyfile/options.js';
import { Batch } from '../../../../src/model/batch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import type { Change } from '../../../../src/model/street.js';

const p = Prefix.parse;
const add = (address: string, until: number | null = null): Change => ({ verb: 'add', prefix: p(address), until });
const batch = (...changes: Change[]): Batch => new Batch(changes, Date.now());

function made(t: Test, options: Partial<DenyfileOptions> = {}, files: Record<string, string> = {}) {
  const path = join(t.testdir(files), 'deny');
  const said: string[] = [];
  const say = (level: string, sentence: string): void => void said.push(`${level} ${sentence}`);
  const backend = new DenyfileBackend({ path, format: 'plain', interval: 100, allow: [], say, ...options });
  t.teardown(() => backend.close({ keep: true }));
  return { backend, path, said, read: () => readFileSync(path, 'utf8') };
}

t.test('the file stays as it was until all is known', async (t) => {
  const { backend, read, path } = made(t, {}, { deny: '192.0.2.99\n' });
  await backend.open();
  await backend.apply(batch(add('192.0.2.1'), add('192.0.2.2')));
  await sleep(20);
  t.equal(read(), '192.0.2.99\n');
  t.same(await backend.check(), []);
  await backend.settle();
  t.equal(read(), '192.0.2.1\n192.0.2.2\n');
  const { written, ...file } = backend.state().file ?? { written: 0 };
  t.ok(written && written > Date.now() - 60_000);
  t.same(file, { path, format: 'plain', pending: false, failure: null });
});

t.test('apply does not wait for the disk, and a stop writes what is pending', async (t) => {
  const { backend, read } = made(t, { interval: 60_000 });
  await backend.open();
  await backend.settle();
  await backend.apply(batch(add('192.0.2.1')));
  t.equal(read(), '');
  t.equal(backend.state().file?.pending, true);
  await backend.close({ keep: true });
  t.equal(read(), '192.0.2.1\n');
});

t.test('ends are carried out', async (t) => {
  const { backend, read } = made(t);
  await backend.open();
  await backend.settle();
  await backend.apply(batch(add('192.0.2.1', Date.now() + 100), add('192.0.2.2')));
  await backend.written();
  t.equal(read(), '192.0.2.1\n192.0.2.2\n');
  for (let tries = 0; read() !== '192.0.2.2\n' && tries < 100; tries++) await sleep(10);
  t.equal(read(), '192.0.2.2\n');
});

t.test('what fails is told once, and again when it is well', async (t) => {
  const { backend, path, said, read } = made(t, {}, { deny: 'old\n' });
  await backend.open();
  rmSync(path);
  const folder = join(path, '..');
  rmSync(folder, { recursive: true });
  await backend.settle();
  await backend.written();
  t.match(said, [/^warning ENOENT: .*; it is tried again$/]);
  t.match(backend.state().file, { failure: /ENOENT/, pending: true, written: null });
  const { mkdirSync } = await import('node:fs');
  mkdirSync(folder);
  await backend.written();
  t.equal(said[1], `info ${path} is written again`);
  t.equal(read(), '');
});

t.test('a directory that is not there keeps it from opening', async (t) => {
  const { backend } = made(t, { path: '/nowhere/deny' });
  await t.rejects(backend.open(), {
    code: 'permission',
    message: /^\/nowhere\/deny cannot be written: .*ENOENT.*ReadWritePaths=/,
  });
});

t.test('what the format cannot say is refused, and what the never-list leaves unsaid is told', async (t) => {
  const { backend, read, said, path } = made(t, { format: 'rewritemap' });
  await backend.open();
  await backend.settle();
  await t.rejects(backend.apply(batch(add('192.0.2.1'), add('2001:db8::/72'))), {
    fault: 'element',
    element: { text: '2001:db8::/72' },
    message: `2001:db8::/72 is not for denyfile: ${path} is a rewritemap: of IPv6 it can have addresses, and prefixes of /16, /24 to /32, /40 to /48 and /56 to /64`,
  });
  await backend.apply(batch(add('2001:db8:1:1::/64')));
  await backend.allow([p('2001:db8:1:1::5')]);
  await backend.written();
  t.match(said, [/^warning 1 prefixes are not denied in .*; the first: 2001:db8:1:1::\/64$/]);
  t.notMatch(read(), /192.0.2.1/);
});

t.test('somebody else’s hand is found, and undone', async (t) => {
  const { backend, read, path } = made(t);
  await backend.open();
  await backend.settle();
  await backend.apply(batch(add('192.0.2.1')));
  await backend.written();
  writeFileSync(path, '');
  t.same(await backend.check(), [`somebody changed ${path}`]);
  await backend.repair();
  t.equal(read(), '192.0.2.1\n');
  t.same(await backend.check(), []);
});

t.test('detached', async (t) => {
  const { backend, path, read } = made(t, { format: 'nginx' });
  t.equal(await backend.detach(), `${path} was not there`);
  t.notOk(existsSync(path));
  writeFileSync(path, 'deny 192.0.2.1;\n');
  t.equal(await backend.detach(), `${path} denies nobody`);
  t.match(read(), /^#.*\n$/);
});
