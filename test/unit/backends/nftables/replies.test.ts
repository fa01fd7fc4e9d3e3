import { execFileSync } from 'node:child_process';
import t from 'tap';
import { isBehindTracking } from '../../../../src/backends/nftables/replies.js';
import { addRuleset, addTable, type RulesetOptions } from '../../../../src/backends/nftables/ruleset.js';
import { ADDRESS_SETS } from '../../../../src/backends/nftables/sets.js';
import { Transaction } from '../../../../src/backends/nftables/transaction.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { Encoder } from '../../../../src/netlink/encoder.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace, nftList } from '../../../namespace.js';

enterNamespace();

const RAW: RulesetOptions = {
  table: 'guard',
  hook: 'prerouting',
  priority: -300,
  elementCounters: false,
  size: 4096,
  allow: [],
};

/** The rules of a chain, as nft prints what we have built. */
async function built(options: RulesetOptions): Promise<(chain: string) => string[] | undefined> {
  let sequence = 0;
  const transaction = new Transaction(new Encoder(), () => ++sequence);
  addTable(transaction, options.table, 0);
  addRuleset(transaction, options, { sets: ADDRESS_SETS });
  const connection = Connection.open(NETLINK_NETFILTER);
  await connection.request('build', transaction.finish());
  connection.close();
  const printed = nftList();
  execFileSync('nft', ['flush', 'ruleset']);
  return (chain) =>
    new RegExp(`chain ${chain} {\\n([^}]*)\\n\\t}`)
      .exec(printed)?.[1]
      ?.split('\n')
      .map((rule) => rule.trim());
}

const ALLOW4 = 'ip saddr @allow4 accept';
const DROP4 = 'counter name "dropped4" drop';
const WAIT = 'meta priority set d20:9000 accept';

t.test(
  'before connections are tracked, what may be a reply waits, and is judged as soon as its connection is known',
  async (t) => {
    const chain = await built({ ...RAW, replies: 'tracked' });
    t.same(chain('banned4'), [
      ALLOW4,
      `tcp flags rst,ack tcp dport >= 1024 ${WAIT}`,
      `udp dport >= 1024 ${WAIT}`,
      `icmp type != echo-request ${WAIT}`,
      DROP4,
    ]);
    t.same(chain('banned6'), [
      'ip6 saddr @allow6 accept',
      `tcp flags rst,ack tcp dport >= 1024 ${WAIT}`,
      `udp dport >= 1024 ${WAIT}`,
      `icmpv6 type != echo-request ${WAIT}`,
      'counter name "dropped6" drop',
    ]);
    t.same(chain('replies'), [
      'type filter hook prerouting priority -199; policy accept;',
      'meta priority & ffff:f000 == d20:9000 goto judged',
    ]);
    t.same(chain('judged'), [
      'meta priority set none',
      'ct direction reply accept',
      `meta nfproto ipv4 ${DROP4}`,
      'counter name "dropped6" drop',
    ]);
  },
);

t.test('behind that, it is judged where it is found', async (t) => {
  for (const more of [{ hook: 'input' as const }, { priority: -150 }]) {
    const chain = await built({ ...RAW, ...more, replies: 'tracked' });
    t.same(chain('banned4'), [ALLOW4, 'ct direction reply accept', DROP4]);
    t.equal(chain('replies'), undefined);
  }
  t.same(
    [-300, -200, -199].map((priority) => isBehindTracking({ hook: 'prerouting', priority })),
    [false, false, true],
  );
});

t.test('of TCP alone, nothing needs to be tracked', async (t) => {
  const chain = await built({ ...RAW, replies: 'tcp' });
  t.same(chain('banned4'), [ALLOW4, 'tcp flags rst,ack accept', DROP4]);
  t.equal(chain('replies'), undefined);
});

t.test('nobody is spared where nobody asks for it', async (t) => {
  t.same((await built(RAW))('banned4'), [ALLOW4, DROP4]);
});
