import { execFileSync } from 'node:child_process';
import t from 'tap';
import { list } from '../../../../src/backends/nftables/listing.js';
import * as p from '../../../../src/backends/nftables/protocol.js';
import { text } from '../../../../src/netlink/attributes.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

t.test('everything of one kind, of one table of family inet alone', async (t) => {
  execFileSync('nft', ['-f', '-'], {
    input: `table inet one { set s { type ipv4_addr; }; chain a { accept; drop; }; chain b { }; counter c { }; }
      table inet two { set s { type ipv4_addr; }; chain z { accept; }; }
      table ip one { set x { type ipv4_addr; }; }`,
  });
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  const names = async (message: number, attribute: number): Promise<string[]> =>
    (await list(connection, message, 'one')).map((found) => text(found.get(attribute) as Buffer));
  t.same(await names(p.GETTABLE, p.TABLE.NAME), ['one']);
  t.same(await names(p.GETCHAIN, p.CHAIN.NAME), ['a', 'b']);
  t.same(await names(p.GETRULE, p.RULE.CHAIN), ['a', 'a']);
  t.same(await names(p.GETSET, p.SET.NAME), ['s']);
  t.same(await names(p.GETOBJ, p.OBJ.NAME), ['c']);
  t.same(await list(connection, p.GETCHAIN, 'nobody'), []);
  t.same(await list(connection, p.GETTABLE, 'nobody'), []);
});
