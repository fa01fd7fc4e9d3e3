import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { hostFacts, isReadOnlyIn, memlockIn, programsIn, rpFilterOf, storageOf } from '../../../src/doctor/host.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.test('this host', async (t) => {
  const found = await hostFacts(t.testdir());
  t.match(found, { hooks: { chains: [] }, storage: { free: Number, readOnly: false }, forwarding: false, ipv6: true });
  t.type(found.synchronised, 'boolean');
  t.ok((found.inotify?.watches as number) > 0);
});

t.test('the folder need not be there', async (t) => {
  const folder = t.testdir();
  t.match(await storageOf(join(folder, 'a/b/c')), { path: folder });
});

t.test('a real file system in memory, small and read-only', async (t) => {
  const folder = join(t.testdir(), 'small');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,nr_inodes=5,ro', 'tmpfs', folder]);
  try {
    t.match(await storageOf(join(folder, 'state')), { free: 65536, inodes: 4, volatile: true });
    t.match(await storageOf(folder), { readOnly: true });
  } finally {
    execFileSync('umount', [folder]);
  }
});

t.test('mounts, the longest that begins a path', async (t) => {
  const text =
    '1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / /var ro,nosuid shared:1 - ext4 /dev/b rw\n3 2 8:3 / /var/lib rw - xfs /dev/c rw\n';
  t.equal(isReadOnlyIn(text, '/etc'), false);
  t.equal(isReadOnlyIn(text, '/var/log'), true);
  t.equal(isReadOnlyIn(text, '/various'), false);
  t.equal(isReadOnlyIn(text, '/var/lib/dropset'), false);
  t.equal(isReadOnlyIn('1 0 8:1 / / rw - ext4 /dev/a ro\n', '/etc'), true, 'the file system itself');
});

t.test('programs and limits', async (t) => {
  const proc = t.testdir({
    1: { comm: 'systemd\n' },
    7: { comm: 'fail2ban-server\n' },
    8: { comm: 'fail2ban-server\n' },
    net: {},
  });
  t.same(programsIn(proc), ['fail2ban-server']);
  t.equal(memlockIn('Max locked memory         65536                8192 bytes\n'), 65536);
  t.equal(
    memlockIn('Max locked memory         unlimited            unlimited            bytes\n'),
    Number.POSITIVE_INFINITY,
  );
});

t.test('the larger of an interface’s rp_filter and that of all counts', async (t) => {
  const conf = t.testdir({
    all: { rp_filter: '1\n' },
    eth0: { rp_filter: '0\n' },
    eth1: { rp_filter: '2\n' },
    eth2: {},
  });
  t.same(
    ['eth0', 'eth1', 'eth2'].map((name) => rpFilterOf(name, conf)),
    [1, 2, null],
  );
  t.type(rpFilterOf('lo'), 'number');
});
