import t from 'tap';
import { addressOf, listAddresses } from '../../../src/rtnetlink/addresses.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();

t.test('every address, and of a point-to-point link our end', async (t) => {
  ip('link add e0 type veth peer name e1');
  ip('link set e0 up');
  ip('address add 192.0.2.1 peer 192.0.2.2 dev e0');
  ip('address add 2001:db8::1/64 dev e0 nodad');
  const found = (await listAddresses()).map((bytes) => bytes.toString('hex'));
  t.ok(found.includes('7f000001'));
  t.ok(found.includes('c0000201'));
  t.notOk(found.includes('c0000202'));
  t.ok(found.includes('20010db8000000000000000000000001'));
});

t.test('what is cut short', async (t) => {
  t.equal(addressOf(Buffer.alloc(7)), undefined);
  t.equal(addressOf(Buffer.alloc(8)), undefined);
});
