import t from 'tap';
import { defaultGateways } from '../../../src/rtnetlink/gateways.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

const found = async () => (await defaultGateways()).map((bytes) => bytes.toString('hex')).sort();

t.before(() => {
  ip('link add e0 type veth peer name e1');
  ip('link set e1 up');
  ip('link set e0 up');
  ip('address add 192.0.2.1/24 dev e0');
  ip('address add 2001:db8::1/64 dev e0 nodad');
});

t.test('of both families, of multipath routes, and IPv4 by way of IPv6', async (t) => {
  t.same(await found(), []);
  ip('route add default dev e0');
  t.same(await found(), [], 'through no router');
  ip('route replace default via 192.0.2.2');
  ip('-6 route add default via 2001:db8::2');
  t.same(await found(), ['20010db8000000000000000000000002', 'c0000202']);
  ip('route replace default nexthop via 192.0.2.3 nexthop via 192.0.2.4');
  ip('-6 route del default');
  t.same(await found(), ['c0000203', 'c0000204']);
  ip('route del default');
  ip('route add default via inet6 2001:db8::5 dev e0');
  t.same(await found(), ['20010db8000000000000000000000005']);
  ip('link set e0 down');
  ip('link set e0 up');
  ip('route add 10.0.0.0/8 via 192.0.2.9');
  t.same(await found(), [], 'no default route');
});
