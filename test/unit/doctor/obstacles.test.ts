import t from 'tap';
import { obstaclesOf } from '../../../src/doctor/obstacles.js';
import { interfaceOf, MACHINE, NATIVE } from '../../facts.js';

t.test('nothing is in the way', async (t) => {
  for (const driver of [
    'virtio_net',
    'ena',
    'hv_netvsc',
    'mlx5_core',
    'ixgbe',
    'i40e',
    'ice',
    'veth',
    'e1000',
    'constructor',
  ])
    t.same(obstaclesOf(interfaceOf(driver), MACHINE), [], driver);
});

t.test('MTU, unless packets of several buffers are understood', async (t) => {
  for (const [driver, most] of [
    ['ena', 3498],
    ['virtio_net', 3506],
    ['hv_netvsc', 3506],
    ['mlx5_core', 3498],
    ['ixgbe', 3050],
    ['i40e', 3046],
    ['ice', 3046],
    ['igc', 1500],
  ] as const) {
    t.same(obstaclesOf(interfaceOf(driver, {}, { mtu: most }), MACHINE), []);
    t.match(
      obstaclesOf(interfaceOf(driver, {}, { mtu: 9001 }), MACHINE),
      [{ steps: [`ip link set dev eth0 mtu ${most}`], grave: true, what: /and it is 9001$/ }],
      driver,
    );
    t.same(obstaclesOf(interfaceOf(driver, { features: { ...NATIVE, frags: true } }, { mtu: 9001 }), MACHINE), []);
  }
});

t.test('packets that the hardware merges', async (t) => {
  const on = { setup: { active: new Set(['rx-lro', 'rx-gro-hw', 'rx-gro']) } };
  const steps = (driver: string) => obstaclesOf(interfaceOf(driver, on), MACHINE).flatMap((obstacle) => obstacle.steps);
  t.same(steps('hv_netvsc'), ['ethtool -K eth0 lro off']);
  t.same(steps('ixgbe'), ['ethtool -K eth0 lro off']);
  t.same(steps('mlx5_core'), ['ethtool -K eth0 lro off', 'ethtool -K eth0 rx-gro-hw off']);
  t.same(steps('ena'), []);
});

t.test('ena keeps half of its queues for XDP', async (t) => {
  const queues = (now: number, most: number) =>
    obstaclesOf(interfaceOf('ena', { setup: { queues: { now, most } } }), MACHINE);
  t.match(queues(4, 4), [{ steps: ['ethtool -L eth0 combined 2'], grave: false }]);
  t.same(queues(2, 4), []);
  t.match(queues(1, 1), [{ steps: [], grave: true }]);
});

t.test('virtio_net wanted queues to spare before 5.13', async (t) => {
  const old = { ...MACHINE, kernel: '5.10.0' };
  const queues = (now: number, most: number, machine = old) =>
    obstaclesOf(interfaceOf('virtio_net', { setup: { queues: { now, most } } }), machine);
  t.match(queues(8, 8), [{ steps: ['ethtool -L eth0 combined 4'], grave: false }]);
  t.match(queues(1, 4), [{ steps: [], grave: true }]);
  t.same(queues(4, 8), []);
  t.same(queues(8, 8, MACHINE), []);
});

t.test('what a virtio host hands over', async (t) => {
  const agreed = (...bits: number[]) => obstaclesOf(interfaceOf('virtio_net', { virtio: new Set(bits) }), MACHINE);
  for (const bit of [1, 7, 8, 9, 10, 54, 55]) t.match(agreed(0, bit), [{ steps: [], grave: true }], `bit ${bit}`);
  t.same(agreed(1, 2, 7), [], 'which the guest can turn off');
  t.same(agreed(0, 5), []);
});

t.test('a program that is there already', async (t) => {
  const facts = interfaceOf('ice', {}, { xdp: { mode: 'generic', program: 7 } });
  t.match(obstaclesOf(facts, MACHINE), [
    {
      what: /^XDP program 7 \(generic\) is attached, and unless it is/,
      steps: ['bpftool prog show id 7'],
      grave: false,
    },
  ]);
  t.match(obstaclesOf({ ...facts, program: 'filter' }, MACHINE), [
    { what: "XDP program 'filter' (id 7, generic) is attached, and it must go first" },
  ]);
  t.same(obstaclesOf({ ...facts, program: 'dropset' }, MACHINE), [], 'our own');
});
