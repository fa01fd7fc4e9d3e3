import t from 'tap';
import { Connection } from '../../../src/netlink/connection.js';
import { NETLINK_GENERIC } from '../../../src/netlink/protocol.js';
import { familyId, genericHeader } from '../../../src/rtnetlink/family.js';

t.test('families by name', async (t) => {
  const connection = Connection.open(NETLINK_GENERIC);
  t.teardown(() => connection.close());
  t.equal(await familyId(connection, 'nlctrl'), 16);
  t.ok(((await familyId(connection, 'ethtool')) ?? 0) > 16);
  t.equal(await familyId(connection, 'dropset-none'), undefined);
  t.same(genericHeader(3), [3, 1, 0, 0]);
});

t.test('another refusal is no answer', async (t) => {
  const connection = Connection.open(NETLINK_GENERIC);
  t.teardown(() => connection.close());
  await t.rejects(familyId(connection, 'a-name-that-is-longer-than-sixteen'), /netlink family a-name/);
});
