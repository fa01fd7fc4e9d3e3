import { execFileSync } from 'node:child_process';
import t from 'tap';
import { deleteChains } from '../../../../src/backends/nftables/objects.js';
import type { RulesetOptions } from '../../../../src/backends/nftables/ruleset.js';
import { addLengths, addRuleset, addTable, deleteTable } from '../../../../src/backends/nftables/ruleset.js';
import { ADDRESS_SETS, setFor } from '../../../../src/backends/nftables/sets.js';
import { Transaction } from '../../../../src/backends/nftables/transaction.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { Encoder } from '../../../../src/netlink/encoder.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace, nftList } from '../../../namespace.js';
import { matchesGolden } from '../../../wire.js';

enterNamespace();

const options: RulesetOptions = {
  table: 'guard',
  hook: 'prerouting',
  priority: -300,
  elementCounters: true,
  size: 4096,
  allow: ['127.0.0.0/8', '192.0.2.0/24', '192.0.2.64/26', '255.255.255.0/24', '::1', '2001:db8::/32'].map((address) =>
    Prefix.parse(address),
  ),
};

const SETS = [...ADDRESS_SETS, setFor(4, 24), setFor(6, 56)];

function ours(shape: RulesetOptions): Transaction {
  let sequence = 0;
  const transaction = new Transaction(new Encoder(), () => ++sequence);
  addTable(transaction, shape.table, 0);
  addRuleset(transaction, shape, { sets: SETS });
  return transaction;
}

async function build(transaction: Transaction): Promise<string> {
  const connection = Connection.open(NETLINK_NETFILTER);
  await connection.request('build', transaction.finish());
  connection.close();
  const printed = nftList();
  execFileSync('nft', ['flush', 'ruleset']);
  return printed;
}

function byNft(script: string): string {
  execFileSync('nft', ['-f', '-'], { input: script });
  const printed = nftList();
  execFileSync('nft', ['flush', 'ruleset']);
  return printed;
}

const theirs = (hook: string, priority: string, counter: string): string => `
table inet guard {
  counter dropped4 {
  }
  counter dropped6 {
  }
  set allow4 {
    type ipv4_addr
    flags interval
    elements = { 127.0.0.0/8, 192.0.2.0/24, 255.255.255.0/24 }
  }
  set allow6 {
    type ipv6_addr
    flags interval
    elements = { ::1, 2001:db8::/32 }
  }
  set ban4 {
    type ipv4_addr
    size 4096
    flags timeout
    ${counter}
    gc-interval 1m
  }
  set ban6 {
    type ipv6_addr
    size 4096
    flags timeout
    ${counter}
    gc-interval 1m
  }
  set ban4_24 {
    type ipv4_addr
    size 65536
    flags timeout
    ${counter}
    gc-interval 1m
  }
  set ban6_56 {
    type ipv6_addr
    size 65536
    flags timeout
    ${counter}
    gc-interval 1m
  }
  chain banned4 {
    ip saddr @allow4 accept
    counter name "dropped4" drop
  }
  chain banned6 {
    ip6 saddr @allow6 accept
    counter name "dropped6" drop
  }
  chain ${hook} {
    type filter hook ${hook} priority ${priority}; policy accept;
    ip saddr @ban4 goto banned4
    ip6 saddr @ban6 goto banned6
    ip saddr & 255.255.255.0 @ban4_24 goto banned4
    ip6 saddr & ffff:ffff:ffff:ff00:: @ban6_56 goto banned6
  }
}
`;

t.test('nft builds the same ruleset from text as we do from bytes', async (t) => {
  t.equal(await build(ours(options)), byNft(theirs('prerouting', 'raw', 'counter')));
});

t.test('at another hook, and without counters', async (t) => {
  const shape = { ...options, hook: 'input' as const, priority: -10, elementCounters: false };
  t.equal(await build(ours(shape)), byNft(theirs('input', '-10', '')));
});

t.test('the bytes are those that were read and found right', async () => {
  matchesGolden('ruleset', ours({ ...options, allow: options.allow.slice(0, 1) }).finish());
});

t.test('prefixes of an eighth of the room for addresses, and of /64 as many', async (t) => {
  const transaction = ours({ ...options, size: 1_572_864 });
  addLengths(transaction, { ...options, size: 1_572_864 }, [setFor(6, 64)], SETS);
  const printed = await build(transaction);
  for (const [name, size] of [
    ['ban4', 1_572_864],
    ['ban4_24', 196_608],
    ['ban6_64', 1_572_864],
  ] as const) {
    t.match(printed, new RegExp(`set ${name} \\{\\s+type \\S+\\s+size ${size}\\s`));
  }
});

t.test('a length more, a chain less, and nothing at the end', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  const send = async (write: (transaction: Transaction) => void): Promise<void> => {
    const transaction = new Transaction(new Encoder(), () => connection.nextSequence());
    write(transaction);
    await connection.request('change', transaction.finish());
  };
  await connection.request('build', ours(options).finish());
  const lengths = (): string[] => [...nftList().matchAll(/@(ban\S+) goto/g)].map((found) => found[1] as string);
  t.same(lengths(), ['ban4', 'ban6', 'ban4_24', 'ban6_56']);
  await send((transaction) => addLengths(transaction, options, [setFor(4, 28), setFor(4, 12)], SETS));
  t.match(nftList(), /ip saddr & 255\.240\.0\.0 == @ban4_12 goto banned4/);
  t.same(lengths(), ['ban4', 'ban6', 'ban4_28', 'ban4_24', 'ban4_12', 'ban6_56'], 'longer ones are looked for first');
  await send((transaction) => deleteChains(transaction, 'guard', ['banned4', 'banned6', 'prerouting']));
  t.notMatch(nftList(), /chain/);
  await send((transaction) => deleteTable(transaction, 'guard'));
  t.equal(nftList(), '');
});
