import t from 'tap';
import type { Machine } from '../../../src/doctor/facts.js';
import type { Host } from '../../../src/doctor/host.js';
import { hostFindings, type Meant } from '../../../src/doctor/judgement.js';
import { MACHINE } from '../../facts.js';

const GIB = 1024 ** 3;
const STORAGE = { path: '/var/lib/dropset', free: 10 * GIB, inodes: 1e6, readOnly: false, volatile: false };
const HOST: Host = {
  hooks: { chains: [], tables: new Map(), flowtables: [] },
  running: [],
  synchronised: true,
  storage: STORAGE,
  conntrack: { count: 10, most: 262144 },
  inotify: { watches: 100_000, instances: 128 },
  memlock: Number.POSITIVE_INFINITY,
  ipv6: true,
  forwarding: false,
  legacy: [],
};
const MEANT: Meant = {
  kind: 'nftables',
  table: 'dropset',
  hook: 'prerouting',
  priority: -300,
  spareReplies: false,
  state: '/var/lib/dropset',
  jails: 1,
  watched: 3,
  isRunning: false,
};

/** What is not `ok`, as `level subject sentence`. */
const told = (host: Partial<Host>, meant: Partial<Meant> = {}, machine: Partial<Machine> = {}): string[] =>
  hostFindings({ ...HOST, ...host }, { ...MACHINE, ...machine }, { ...MEANT, ...meant })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, subject, sentence }) => `${level} ${subject} ${sentence}`);

t.test('a host that has everything', async (t) => {
  t.same(told({}), []);
  t.match(told({}, { kind: 'xdp', spareReplies: true }), [/^note hooks an XDP program knows no connections/]);
  t.same(
    hostFindings(HOST, MACHINE, MEANT).map(({ subject }) => subject),
    ['kernel', 'hooks', 'clock', 'disk'],
  );
});

t.test('kernel', async (t) => {
  t.match(told({}, {}, { kernel: '6.1.0' }), [/^note kernel kernel 6\.1\.0 knows no owner/]);
  t.match(told({}, {}, { nftables: 'absent' }), [/^fault kernel this kernel has no nf_tables/]);
  t.match(told({}, {}, { lacking: ['CAP_NET_ADMIN'] }), [/^note kernel CAP_NET_ADMIN missing here/]);
  t.match(told({ memlock: 65536 }, { kind: 'xdp' }, { kernel: '5.10.0' }), [/^warning kernel .*65536 bytes/]);
  t.same(told({ memlock: 65536 }, { kind: 'xdp' }), []);
  t.match(told({ ipv6: false }), [/^note kernel IPv6 is off/]);
});

t.test('neighbours', async (t) => {
  const tables = new Map([['inet f2b-table', ['f2b-sshd']]]);
  const hooks = { chains: [], tables, flowtables: [] };
  t.match(told({ running: ['fail2ban-server'], hooks }), [
    /^warning neighbours fail2ban runs too, with rules in table inet f2b-table/,
  ]);
  t.match(told({ running: ['fail2ban-server'] }, { jails: 0 }), [/^note neighbours fail2ban runs too:/]);
  t.match(told({ hooks }), [/^note neighbours fail2ban does not run, and has left/]);
  t.match(told({ running: ['crowdsec', 'firewalld'] }), [/^note neighbours crowdsec runs too/]);
  t.match(told({ legacy: ['filter'] }), [/^note neighbours iptables-legacy has tables \(filter\)/]);
});

t.test('clock', async (t) => {
  t.match(told({ synchronised: false }), [/^warning clock nobody synchronises/]);
  t.match(told({ synchronised: null }), [/^note clock/]);
});

t.test('disk', async (t) => {
  const on = (facts: Partial<typeof STORAGE>) => told({ storage: { ...STORAGE, ...facts } });
  t.match(on({ readOnly: true }), [/^fault disk .* is read-only/]);
  t.match(on({ free: 1000 }), [/^fault disk .* has 0 MiB left/]);
  t.match(on({ free: GIB / 8 }), [/^warning disk .* has 128 MiB left/]);
  t.match(on({ inodes: 3 }), [/^fault disk .* room for 3 more files/]);
  t.match(on({ inodes: 50 }), [/^warning disk/]);
  t.match(on({ volatile: true }), [/^warning disk .* is memory/]);
  t.match(told({ storage: null }), [/^fault disk/]);
});

t.test('limits', async (t) => {
  t.match(told({ inotify: { watches: 8, instances: 128 } }, { watched: 9 }), [
    /^fault limits the logs need 9 inotify watches/,
  ]);
  t.match(told({ inotify: { watches: 8192, instances: 1 } }), [/^warning limits .*max_user_instances is 1/]);
  t.match(told({ conntrack: { count: 90, most: 100 } }), [/^warning limits 90 of 100 connections/]);
  t.same(told({ conntrack: null, inotify: null }), []);
});
