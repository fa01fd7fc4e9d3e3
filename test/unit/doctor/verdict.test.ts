import t from 'tap';
import type { Interface } from '../../../src/doctor/facts.js';
import { verdictOf } from '../../../src/doctor/verdict.js';
import { interfaceOf, MACHINE, NATIVE, NO_FEATURES } from '../../facts.js';

const judge = (facts: Interface, { kernel = MACHINE.kernel, isEntrance = false } = {}) =>
  verdictOf(facts, { ...MACHINE, kernel }, isEntrance);

t.test('native XDP where the driver has it', async (t) => {
  t.same(judge(interfaceOf('ice')), {
    right: 'native',
    why: 'its driver drops packets before a buffer is built for them',
    steps: [],
  });
  t.match(judge(interfaceOf('hv_netvsc', { setup: { active: new Set(['rx-lro']) } })), {
    right: 'native',
    why: /, but first: hv_netvsc refuses native XDP while lro is on$/,
    steps: ['ethtool -K eth0 lro off'],
  });
});

t.test('nftables where it has not', async (t) => {
  t.same(judge(interfaceOf('e1000', { features: NO_FEATURES })), {
    right: 'nftables',
    why: 'e1000 has no native XDP, and generic XDP runs behind the packet buffer (skb) and is no faster than nftables',
    steps: [],
  });
  t.match(judge(interfaceOf('', { driver: undefined, features: NO_FEATURES })).why, /^its driver has no native XDP/);
  t.match(judge(interfaceOf('veth', { features: NO_FEATURES }, { kind: 'veth' }), { isEntrance: true }), {
    right: 'nftables',
    why: /^its other end is gone or sends by more queues/,
  });
});

t.test('nftables where native XDP would cost something else', async (t) => {
  t.match(judge(interfaceOf('ena', {}, { mtu: 9001 })), {
    right: 'nftables',
    why: /takes an MTU of 3498 at most, and it is 9001; generic XDP/,
    steps: ['ip link set dev eth0 mtu 3498'],
  });
  t.match(judge(interfaceOf('virtio_net', { virtio: new Set([1]) })), { right: 'nftables', steps: [] });
});

t.test('a driver whose setup hides what it can do', async (t) => {
  const lro = { features: NO_FEATURES, setup: { active: new Set(['rx-lro']) } };
  t.match(judge(interfaceOf('mlx5_core', lro)), { right: 'native', steps: ['ethtool -K eth0 lro off'] });
  const queues = { features: NO_FEATURES, setup: { queues: { now: 4, most: 4 } } };
  t.match(judge(interfaceOf('ena', queues)), { right: 'native', steps: ['ethtool -L eth0 combined 2'] });
  t.match(judge(interfaceOf('ena', { ...queues, setup: { queues: { now: 1, most: 1 } } })), {
    right: 'nftables',
    steps: [],
  });
  t.match(judge(interfaceOf('ena', { features: NO_FEATURES })), { right: 'nftables', why: /^ena has no native XDP/ });
  t.match(judge(interfaceOf('ena', { features: NO_FEATURES }, { mtu: 9001, xdp: { mode: 'generic', program: 3 } })), {
    right: 'nftables',
  });
});

t.test('old kernels', async (t) => {
  t.match(judge(interfaceOf('ice'), { kernel: '5.8.18' }), {
    right: 'nftables',
    why: /^kernel 5\.8\.18 has no XDP links/,
  });
  const untold = (driver: string, kernel: string) => judge(interfaceOf(driver, { features: undefined }), { kernel });
  t.match(untold('ice', '5.9.0'), { right: 'native' });
  t.match(untold('igc', '5.12.0'), { right: 'nftables', why: /^this kernel does not say whether igc has native XDP/ });
  t.match(untold('igc', '5.13.0'), { right: 'native' });
  t.match(untold('e1000', '6.1.0'), { right: 'nftables' });
});

t.test('what is no place to drop at', async (t) => {
  t.same(judge(interfaceOf('', {}, { loopback: true, ethernet: false })), {
    right: 'none',
    why: 'loopback',
    steps: [],
  });
  t.same(judge(interfaceOf('wireguard', {}, { ethernet: false })), { right: 'none', why: 'tunnel', steps: [] });
  for (const kind of ['veth', 'tun', 'bridge'])
    t.match(judge(interfaceOf(kind, {}, { kind })), { right: 'none', why: /^leads to containers or guests: / }, kind);
  t.match(judge(interfaceOf('mlx5_core', { above: { name: 'eth0', driver: 'hv_netvsc' } })), {
    right: 'none',
    why: 'belongs to eth0, which passes its XDP program on to it',
  });
  t.match(judge(interfaceOf('mlx5_core', { above: { name: 'bond0', driver: 'bond' } })), { right: 'native' });
});

t.test('a guest’s own end is where its packets come in', async (t) => {
  t.match(judge(interfaceOf('veth', { features: NATIVE }, { kind: 'veth' }), { isEntrance: true }), {
    right: 'native',
  });
});

t.test('what stands on others', async (t) => {
  t.same(judge(interfaceOf('bond', { below: ['eth0', 'eth1'] }, { kind: 'bond' }), { isEntrance: true }), {
    right: 'below',
    why: 'packets come in by eth0, eth1: they are dropped there',
    steps: [],
  });
});
