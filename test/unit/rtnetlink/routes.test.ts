import t from 'tap';
import { listLinks } from '../../../src/rtnetlink/links.js';
import { defaultRouteLinks, linksOf } from '../../../src/rtnetlink/routes.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

async function names(): Promise<(string | undefined)[]> {
  const links = await listLinks();
  return (await defaultRouteLinks()).map((index) => links.find((link) => link.index === index)?.name);
}

t.before(() => {
  for (const [number, name] of ['e0', 'e1', 'e2'].entries()) {
    ip(`link add ${name} type veth peer name ${name}-peer`);
    ip(`link set ${name}-peer up`);
    ip(`link set ${name} up`);
    ip(`address add 192.0.2.${number * 16 + 1}/28 dev ${name}`);
    ip(`address add 2001:db8:${number}::1/64 dev ${name} nodad`);
  }
});

t.test('no default route', async (t) => {
  t.same(await names(), []);
});

t.test('of each family', async (t) => {
  ip('route add default via 192.0.2.2');
  t.same(await names(), ['e0']);
  ip('-6 route add default via 2001:db8:1::2');
  t.same(await names(), ['e0', 'e1']);
  ip('-6 route add default via 2001:db8:0::2 metric 5000');
  t.same(await names(), ['e0', 'e1'], 'each once');
  ip('route del default');
  ip('-6 route del default via 2001:db8:0::2 metric 5000');
  t.same(await names(), ['e1']);
  ip('-6 route del default');
});

t.test('every next hop of a multipath route', async (t) => {
  ip('route add default nexthop via 192.0.2.2 nexthop via 192.0.2.34');
  t.same(await names(), ['e0', 'e2']);
  ip('-6 route add default nexthop via 2001:db8:1::2 nexthop via 2001:db8:2::2');
  t.same(await names(), ['e0', 'e1', 'e2']);
  ip('route del default');
  ip('-6 route del default');
});

t.test('through a nexthop object', async (t) => {
  ip('nexthop add id 7 via 192.0.2.18 dev e1');
  ip('route add default nhid 7');
  t.same(await names(), ['e1']);
  ip('route del default');
});

t.test('what leads nowhere, or is no default, or in another table', async (t) => {
  ip('route add blackhole default');
  ip('-6 route add unreachable default');
  ip('route add 0.0.0.0/1 via 192.0.2.2');
  ip('route add default via 192.0.2.2 table 100');
  ip('route add default via 192.0.2.2 table 1000');
  t.same(await names(), []);
});

t.test('next hops that are cut short', async (t) => {
  const route = (hops: string): Buffer => {
    const bytes = Buffer.from(hops.replace(/ /g, ''), 'hex');
    const head = Buffer.from([4 + bytes.length, 0, 9, 0]);
    return Buffer.concat([Buffer.alloc(12), head, bytes]);
  };
  t.same(linksOf(route('0800 0000 05000000 0800 0000 06000000')), [5, 6]);
  t.same(linksOf(route('0800 0000 05000000 0900 0000 06000000')), [5]);
  t.same(linksOf(route('0000 0000 05000000')), []);
  t.same(linksOf(route('0800 0000 0500')), []);
  t.same(linksOf(Buffer.from('000000000000000000000000 0600 0400 0100 0000'.replace(/ /g, ''), 'hex')), []);
});
