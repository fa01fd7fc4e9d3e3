import t from 'tap';
import { examine, examined } from '../../../src/doctor/doctor.js';
import { interfaceOf, MACHINE, NO_FEATURES } from '../../facts.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.before(() => {
  for (const words of [
    'link add up0 type veth peer name up1',
    'link add in0 type veth peer name in1',
    'address add 192.0.2.1/24 dev up0',
    'link set up0 up',
    'link set up1 up',
    'route add default via 192.0.2.2',
  ])
    ip(words);
});

t.test('a container’s namespace: XDP where its default route leaves', async (t) => {
  const found = await examine([]);
  t.same(found.backend, { kind: 'xdp', interfaces: ['up0'], mode: 'native' });
  const of = (name: string) => found.interfaces.find((one) => one.name === name);
  t.match(of('up0'), { right: 'native', route: true, native: true, driver: 'veth', mtu: 1500, up: true, xdp: null });
  t.match(of('in0'), { right: 'none', route: false, up: false });
  t.match(of('lo'), { right: 'none', why: 'loopback', driver: null });
  t.match(found.machine, { nftables: 'present', lockdown: null });
});

t.test('those that are named', async (t) => {
  const found = await examine(['in0']);
  t.same(
    found.interfaces.map(({ name, right }) => [name, right]),
    [['in0', 'native']],
  );
  t.match(found.backend, { interfaces: ['in0'] });
  t.match((await examine(['lo'])).backend, { kind: 'nftables' });
});

t.test('one that is not there', async (t) => {
  await t.rejects(examine(['up0', 'up3']), {
    code: 'interface',
    message: /^there is no interface 'up3' in this network namespace; did you mean 'up[01]'\?$/,
  } as unknown as Error);
  await t.rejects(examine(['wireless']), { message: /; there are lo, / });
});

t.test('the judgement alone', async (t) => {
  const bridged = [
    interfaceOf('ena', { route: false }, { name: 'eth0', mtu: 9001 }),
    interfaceOf(
      'bridge',
      { below: ['eth0'], route: true, features: NO_FEATURES },
      { name: 'br0', kind: 'bridge', index: 3 },
    ),
  ];
  t.match(examined(bridged, MACHINE, []), {
    backend: { kind: 'nftables' },
    why: 'native XDP is not to be had on eth0',
    interfaces: [
      { name: 'eth0', right: 'nftables' },
      { name: 'br0', right: 'below' },
    ],
  });
  t.match(examined([interfaceOf('e1000', { features: undefined })], MACHINE, []).interfaces, [{ native: null }]);
});
