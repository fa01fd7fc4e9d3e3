import { execFileSync } from 'node:child_process';
import t from 'tap';
import { readTraffic } from '../../../../src/backends/nftables/traffic.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

t.test('what the counters of the table say, and of no other', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  t.same(await readTraffic(connection, 'guard'), { packets: 0, bytes: 0 });
  execFileSync('nft', ['-f', '-'], {
    input: `table inet guard {
      counter dropped4 { packets 1 bytes 100; }
      counter dropped6 { packets 2 bytes 200; }
    }
    table inet other {
      counter dropped4 { packets 99 bytes 99; }
    }`,
  });
  t.same(await readTraffic(connection, 'guard'), { packets: 3, bytes: 300 });
  execFileSync('nft', ['-f', '-'], {
    input: `table inet guard {
      counter observed4 { packets 4 bytes 400; }
      counter observed6 { packets 5 bytes 500; }
      counter scope_tcp/22.443 { packets 1 bytes 60; }
      counter scope_observe { packets 9 bytes 900; }
      counter mine { packets 77 bytes 77; }
    }`,
  });
  const { scopes, ...totals } = await readTraffic(connection, 'guard');
  t.same(totals, { packets: 3, bytes: 300, observed: { packets: 9, bytes: 900 } });
  t.same([...(scopes ?? [])].sort(), [
    ['observe', { packets: 9, bytes: 900 }],
    ['tcp/22,443', { packets: 1, bytes: 60 }],
  ]);
});
