import t from 'tap';
import { interfaceFacts } from '../../../src/doctor/interfaces.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.test('facts of real interfaces', async (t) => {
  for (const words of [
    'link add br0 type bridge',
    'link add v0 type veth peer name v1',
    'link add vx0 type vxlan id 7 dstport 4789 local 192.0.2.1',
    'link set v0 master br0',
    'link set vx0 master br0',
    'link add link v1 m0 type macvlan',
    'address add 192.0.2.1/24 dev v1',
    'link set v0 up',
    'link set v1 up',
    'route add default via 192.0.2.2',
  ])
    ip(words);
  const facts = new Map((await interfaceFacts()).map((one) => [one.link.name, one]));
  t.same([...facts.keys()].toSorted(), ['br0', 'lo', 'm0', 'v0', 'v1', 'vx0']);
  t.match(facts.get('br0'), { driver: 'bridge', below: ['vx0'], route: false, above: undefined });
  t.match(facts.get('v0'), { driver: 'veth', below: [], above: { name: 'br0', driver: 'bridge' } });
  t.match(facts.get('v0'), { features: { basic: true }, setup: { queues: { now: Number } } });
  t.match(facts.get('v1'), { route: true, virtio: new Set() });
  t.match(facts.get('m0'), { driver: 'macvlan', below: ['v1'], features: { basic: false } });
  t.match(facts.get('lo'), { driver: undefined, below: [] });
});
