import t from 'tap';
import { fits, wantedLinks } from '../../../../src/backends/xdp/names.js';
import { listLinks } from '../../../../src/rtnetlink/links.js';
import { ip } from '../../../interfaces.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();
for (const name of ['in0', 'in1', 'in0.100']) {
  ip(`link add ${name} type veth peer name p-${name}`);
  ip(`link set ${name} up`);
  ip(`link set p-${name} up`);
}
const links = await listLinks();

const wanted = async (interfaces: 'auto' | readonly string[], attached: readonly string[] = []): Promise<string[]> => {
  const held = links.filter(({ name }) => attached.includes(name)).map(({ index }) => index);
  return (await wantedLinks(links, interfaces, new Set(held))).map(({ name }) => name).sort();
};

t.test('stars and question marks are wild, and nothing else is', async (t) => {
  for (const [name, pattern] of [
    ['eth0', 'eth0'],
    ['eth0', 'eth*'],
    ['eth', 'eth*'],
    ['eth0.100', 'eth0.*'],
    ['eth0', 'eth?'],
    ['a(b)[c]+^$|\\', 'a(b)[c]+^$|\\'],
    ['anything', '*'],
  ] as const)
    t.ok(fits(name, pattern), `${name} is ${pattern}`);
  for (const [name, pattern] of [
    ['eth10', 'eth?'],
    ['eth0x100', 'eth0.100'],
    ['eth00', 'eth0+'],
    ['veth0', 'eth*'],
    ['eth0', 'eth'],
    ['ETH0', 'eth0'],
  ] as const)
    t.notOk(fits(name, pattern), `${name} is not ${pattern}`);
});

t.test('loopback is meant only by its name', async (t) => {
  t.same(await wanted(['in0.100', 'nobody']), ['in0.100']);
  t.same(await wanted(['in*']), ['in0', 'in0.100', 'in1']);
  t.same(await wanted(['l?']), []);
  t.same(await wanted(['lo']), ['lo']);
});

t.test('auto: default routes, and while there is none, what it is on already', async (t) => {
  t.same(await wanted('auto'), []);
  t.same(await wanted('auto', ['in1']), ['in1']);
  ip('address add 192.0.2.1/24 dev in0');
  ip('route add default via 192.0.2.9');
  t.same(await wanted('auto', ['in1']), ['in0']);
  ip('route replace default dev lo');
  t.same(await wanted('auto'), []);
});
