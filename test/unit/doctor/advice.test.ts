import t from 'tap';
import { adviceOf, entrancesOf, machineSteps } from '../../../src/doctor/advice.js';
import type { Verdict } from '../../../src/doctor/verdict.js';
import { interfaceOf, MACHINE } from '../../facts.js';

const named = (name: string, facts = {}, link = {}) => interfaceOf('ice', facts, { name, ...link });

t.test('packets come in where default routes leave', async (t) => {
  const all = [named('eth0', { route: true }), named('eth1'), named('eth2', { route: true })];
  t.same(entrancesOf(all, []), ['eth0', 'eth2']);
  t.same(entrancesOf(all, ['eth1']), ['eth1'], 'or where somebody says so');
});

t.test('what stands on others is resolved, each once, and no loop is followed', async (t) => {
  const all = [
    named('eth0'),
    named('eth1'),
    named('bond0', { below: ['eth0', 'eth1'] }, { kind: 'bond' }),
    named('bond0.7', { below: ['bond0'], route: true }, { kind: 'vlan' }),
    named('br0', { below: ['bond0'], route: true }, { kind: 'bridge' }),
    named('loop', { below: ['loop'] }),
  ];
  t.same(entrancesOf(all, []), ['eth0', 'eth1']);
  t.same(entrancesOf(all, ['loop']), []);
});

t.test('without a default route: hardware that is up', async (t) => {
  const all = [
    named('lo', {}, { ethernet: false, loopback: true }),
    named('eth0'),
    named('eth1', {}, { up: false }),
    named('veth0', {}, { kind: 'veth' }),
  ];
  t.same(entrancesOf(all, []), ['eth0']);
});

const verdicts = (found: Record<string, Verdict['right']>) =>
  new Map(Object.entries(found).map(([name, right]) => [name, { right, why: '', steps: [`step for ${name}`] }]));

t.test('XDP, if it is native everywhere', async (t) => {
  t.same(adviceOf(verdicts({ eth0: 'native', eth1: 'native' }), { ...MACHINE, bpffs: false }), {
    backend: { kind: 'xdp', interfaces: ['eth0', 'eth1'], mode: 'native' },
    why: 'native XDP is to be had where packets come in (eth0, eth1)',
    steps: ['mount -t bpf bpf /sys/fs/bpf', 'step for eth0', 'step for eth1'],
  });
});

t.test('else nftables', async (t) => {
  t.same(adviceOf(verdicts({ eth0: 'native', wg0: 'none' }), MACHINE), {
    backend: { kind: 'nftables' },
    why: 'native XDP is not to be had on wg0',
    steps: [],
  });
  t.match(adviceOf(new Map(), MACHINE), { backend: { kind: 'nftables' }, why: /^no interface was found/ });
  t.match(adviceOf(new Map(), { ...MACHINE, nftables: 'unknown' }), { backend: { kind: 'nftables' } });
});

t.test('or neither', async (t) => {
  t.same(adviceOf(verdicts({ eth0: 'nftables' }), { ...MACHINE, nftables: 'absent' }), {
    backend: null,
    why: 'native XDP is not to be had on eth0, and this kernel has no nf_tables',
    steps: ['modprobe nf_tables'],
  });
  t.match(adviceOf(verdicts({ eth0: 'native' }), { ...MACHINE, nftables: 'absent' }), { backend: { kind: 'xdp' } });
});

t.test('what the machine lacks for XDP', async (t) => {
  t.same(machineSteps(MACHINE), []);
  t.same(machineSteps({ ...MACHINE, object: false }), ['apt-get install clang libbpf-dev && npm rebuild']);
});
