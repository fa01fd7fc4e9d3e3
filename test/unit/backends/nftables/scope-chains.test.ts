import { execFileSync } from 'node:child_process';
import t from 'tap';
import { addRuleset, addTable, type RulesetOptions } from '../../../../src/backends/nftables/ruleset.js';
import {
  addFirstScopeMaps,
  addScope,
  deleteScopes,
  scopeCounter,
  scopeNamed,
} from '../../../../src/backends/nftables/scope-chains.js';
import { ADDRESS_SETS, setFor } from '../../../../src/backends/nftables/sets.js';
import { Transaction } from '../../../../src/backends/nftables/transaction.js';
import { MOST_RANGES, Scope } from '../../../../src/model/scope.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { Encoder } from '../../../../src/netlink/encoder.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace, nftList } from '../../../namespace.js';

enterNamespace();

const scope = (text: string): Scope => Scope.parse(text) as Scope;

const RAW: RulesetOptions = {
  table: 'guard',
  hook: 'prerouting',
  priority: -300,
  elementCounters: false,
  size: 4096,
  allow: [],
};
const SCOPES = new Map([
  [1, scope('tcp/22,443 udp/1000-1010')],
  [2, scope('observe sctp/*')],
  [7, scope('observe')],
]);
const SETS = [...ADDRESS_SETS, setFor(4, 32, true), setFor(6, 64, true)];

async function send(write: (transaction: Transaction) => void): Promise<void> {
  const connection = Connection.open(NETLINK_NETFILTER);
  const transaction = new Transaction(new Encoder(), () => connection.nextSequence());
  write(transaction);
  await connection.request('change', transaction.finish());
  connection.close();
}

async function build(options: RulesetOptions): Promise<void> {
  execFileSync('nft', ['flush', 'ruleset']);
  await send((transaction) => {
    addTable(transaction, options.table, 0);
    addRuleset(transaction, options, { sets: SETS, scopes: SCOPES });
  });
}

/** The rules of a chain, or what a map holds, as nft prints it. */
const printed = (name: string): string[] =>
  (
    nftList()
      .split(/^\t(?:chain|map) /m)
      .find((block) => block.startsWith(`${name} {`)) ?? ''
  )
    .split('\n\t}', 1)[0]
    ?.split('\n')
    .slice(1)
    .map((rule) => rule.trim()) ?? [];

t.test('what nft prints of it is what it is, and nft takes it back', async (t) => {
  await build(RAW);
  t.same(printed('prerouting'), [
    'type filter hook prerouting priority raw; policy accept;',
    'ip saddr @ban4 goto banned4',
    'ip6 saddr @ban6 goto banned6',
    'meta priority set ip saddr map @scoped4 jump scoped',
    'meta priority set ip6 saddr & ffff:ffff:ffff:ffff:: map @scoped6_64 jump scoped',
  ]);
  t.same(printed('scoped'), ['meta priority vmap @scopes', 'meta priority set none']);
  t.match(
    printed('scopes').join(),
    /0:1 : jump scope_tcp\/22\.443_udp\/1000-1010, .*0:2 : jump scope_observe_sctp\/any/,
  );
  t.match(printed('scopes_judged').join(), /0:7 : goto judged_observe /);
  t.same(printed('scope_tcp/22.443_udp/1000-1010'), [
    'tcp dport 22 goto hit_tcp/22.443_udp/1000-1010',
    'tcp dport 443 goto hit_tcp/22.443_udp/1000-1010',
    'udp dport 1000-1010 goto hit_tcp/22.443_udp/1000-1010',
  ]);
  t.same(printed('scope_observe_sctp/any'), ['meta l4proto sctp goto hit_observe_sctp/any']);
  t.same(printed('scope_observe'), ['goto hit_observe']);
  t.same(printed('hit_observe'), ['ip saddr @allow4 accept', 'ip6 saddr @allow6 accept', 'goto judged_observe']);
  t.same(printed('judged_observe'), [
    'counter name "scope_observe"',
    'meta nfproto ipv4 counter name "observed4" return',
    'counter name "observed6" return',
  ]);
  t.same(printed('judged_tcp/22.443_udp/1000-1010'), [
    'counter name "scope_tcp/22.443_udp/1000-1010"',
    'meta nfproto ipv4 counter name "dropped4" drop',
    'counter name "dropped6" drop',
  ]);
  const before = nftList();
  execFileSync('nft', ['flush', 'ruleset']);
  execFileSync('nft', ['-f', '-'], { input: before });
  t.match(nftList(), /jump scoped/);
});

t.test('what may be a reply waits with the number of its scope, and is judged by it', async (t) => {
  await build({ ...RAW, replies: 'tracked' });
  t.same(printed('scoped'), [
    'meta priority vmap @scopes',
    'meta priority & ffff:f000 != d20:9000 meta priority set none',
  ]);
  t.same(printed('judged'), [
    'meta priority & 0:fff vmap @scopes_judged',
    'meta priority set none',
    'ct direction reply accept',
    'meta nfproto ipv4 counter name "dropped4" drop',
    'counter name "dropped6" drop',
  ]);
  for (const [name, number, verdict] of [
    ['tcp/22.443_udp/1000-1010', 1, 'accept'],
    ['observe_sctp/any', 2, 'return'],
    ['observe', 7, 'return'],
  ] as const) {
    const wait = `meta priority set d20:900${number} ${verdict}`;
    t.same(printed(`hit_${name}`), [
      'ip saddr @allow4 accept',
      'ip6 saddr @allow6 accept',
      `tcp flags rst,ack tcp dport >= 1024 ${wait}`,
      `udp dport >= 1024 ${wait}`,
      `icmp type != echo-request ${wait}`,
      `icmpv6 type != echo-request ${wait}`,
      `goto judged_${name}`,
    ]);
    t.same(printed(`judged_${name}`).slice(0, 2), ['meta priority set none', `ct direction reply ${verdict}`]);
  }
});

t.test('behind connection tracking, and of TCP alone', async (t) => {
  await build({ ...RAW, hook: 'input', replies: 'tracked' });
  t.same(printed('hit_observe').slice(2), ['ct direction reply return', 'goto judged_observe']);
  t.same(printed('scoped').at(-1), 'meta priority set none');
  await build({ ...RAW, replies: 'tcp' });
  t.same(printed('hit_observe').slice(2), ['tcp flags rst,ack return', 'goto judged_observe']);
});

t.test('later, in a table that stands, it becomes the same; and goes again', async (t) => {
  for (const replies of [undefined, 'tracked'] as const) {
    const options = { ...RAW, ...(replies && { replies }) };
    await build(options);
    const sorted = (): string[] => nftList().split('\n').sort();
    const whole = sorted();
    execFileSync('nft', ['flush', 'ruleset']);
    await send((transaction) => {
      addTable(transaction, 'guard', 0);
      addRuleset(transaction, options, { sets: ADDRESS_SETS });
    });
    const before = sorted();
    await send((transaction) => addFirstScopeMaps(transaction, options));
    const empty = sorted();
    for (const [number, one] of SCOPES) await send((transaction) => addScope(transaction, options, number, one));
    const lines = (text: readonly string[]): string[] =>
      text.filter(
        (line) =>
          !/scoped[46]|gc-interval|size 4096|size 65536|flags timeout|type ip/.test(line) &&
          line !== '' &&
          line !== '\t}',
      );
    t.same(lines(sorted()), lines(whole));
    await send((transaction) => deleteScopes(transaction, 'guard', SCOPES));
    t.same(sorted(), empty);
    t.not(before.length, empty.length);
  }
});

t.test('the longest scope has a name, and names lead back', async (t) => {
  const ranges = (from: number) =>
    Array.from({ length: MOST_RANGES / 4 }, (_, index) => `${from + index * 20}-${from + index * 20 + 9}`);
  const longest = scope(
    `observe ${['tcp', 'udp', 'sctp', 'dccp'].map((protocol) => `${protocol}/${ranges(60_000)}`).join(' ')}`,
  );
  await build(RAW);
  await send((transaction) => addScope(transaction, RAW, 9, longest));
  t.match(nftList(), scopeCounter(longest));
  for (const one of [longest, ...SCOPES.values(), scope('tcp/*')])
    t.equal(scopeNamed(scopeCounter(one))?.text, one.text);
  for (const name of ['scope_', 'scope_x', 'scope_tcp/443.22', 'hit_tcp/22', 'dropped4', 'scope_all']) {
    t.equal(scopeNamed(name), undefined, name);
  }
});
