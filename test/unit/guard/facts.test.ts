import t from 'tap';
import { gatherFacts } from '../../../src/guard/facts.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.test('what the kernel knows of a namespace', async (t) => {
  ip('link add e0 type veth peer name e1');
  ip('link set e1 up');
  ip('link set e0 up');
  ip('address add 192.0.2.1/24 dev e0');
  ip('route add default via 192.0.2.2');
  const { own, gateways, sessions, faults } = await gatherFacts([22]);
  t.ok(['127.0.0.1', '192.0.2.1', '::1'].every((address) => own.map(String).includes(address)));
  t.same(gateways.map(String), ['192.0.2.2']);
  t.same(sessions, []);
  t.same(faults, []);
});

t.test('what cannot be found out is told, and the rest is there', async (t) => {
  // The kernel refuses a filter that is too long for its attribute's 16 bits.
  const { own, faults } = await gatherFacts(Array.from({ length: 200 }, () => 70_000));
  t.ok(own.length > 0);
  t.match(faults, [/^the lockout guard does not know who has a session: /]);
});
