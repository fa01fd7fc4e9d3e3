import { execFileSync } from 'node:child_process';
import t from 'tap';
import { NftablesBackend } from '../../../../src/backends/nftables/backend.js';
import type { DropLog } from '../../../../src/backends/nftables/drop-log.js';
import { frameFaults } from '../../../../src/backends/nftables/frame.js';
import type { NftablesOptions } from '../../../../src/backends/nftables/options.js';
import { ADDRESS_SETS } from '../../../../src/backends/nftables/sets.js';
import { Batch } from '../../../../src/model/batch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Scope } from '../../../../src/model/scope.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace, nftList, track } from '../../../namespace.js';

enterNamespace();

const KERNEL: DropLog = { prefix: 'dropset: ', rate: 10, burst: 5 };
const GROUP: DropLog = { prefix: 'x', group: 4711, rate: 3, burst: 7 };
const OPTIONS: NftablesOptions = {
  ...{
    table: 'dropset',
    hook: 'prerouting',
    priority: -300,
    elementCounters: false,
    size: 4096,
    allow: [],
    own: false,
  },
};
const connection = Connection.open(NETLINK_NETFILTER);
t.teardown(() => connection.close());

/** The rules of a chain, as nft prints them. */
const rules = (chain: string): string[] =>
  (new RegExp(`chain ${chain} {\\n([^}]*)\\n\\t}`).exec(nftList())?.[1] ?? '').split('\n').map((rule) => rule.trim());

async function opened(more: Partial<NftablesOptions>): Promise<NftablesBackend> {
  const backend = new NftablesBackend({ ...OPTIONS, ...more });
  await backend.open();
  return backend;
}

t.test('one chain with one limit stands before every drop', async (t) => {
  await track();
  const backend = await opened({ log: KERNEL, spareReplies: true });
  const scopes = ['tcp/22', 'observe tcp/80'].map((text) => Scope.parse(text) as Scope);
  const changes = scopes.map((scope, n) => ({
    verb: 'add' as const,
    prefix: Prefix.parse(`192.0.2.${n}`),
    until: null,
    scope,
  }));
  await backend.apply(new Batch(changes, Date.now()));
  t.same(
    rules('logged'),
    ['limit rate 10/minute burst 5 packets log prefix "dropset: "'].map((rule) => rule.replace(' burst 5 packets', '')),
  );
  t.same(rules('banned4').slice(-2), ['jump logged', 'counter name "dropped4" drop']);
  t.same(rules('banned6').slice(-2), ['jump logged', 'counter name "dropped6" drop']);
  const printed = nftList();
  t.equal(
    printed.split('jump logged').length - 1,
    4,
    'two families, what waits for tracking, and the scope that drops',
  );
  t.match(rules('judged'), [
    /^meta priority/,
    /^meta priority/,
    'ct direction reply accept',
    'jump logged',
    /drop$/,
    /drop$/,
  ]);
  t.match(printed, /chain judged_tcp\/22 {[^}]*jump logged\n\s*counter name "scope_tcp\/22"/);
  await backend.close({ keep: false });
});

t.test('a group, in its own words; others take the place of it at the next start', async (t) => {
  await (await opened({ log: GROUP })).close({ keep: true });
  t.same(rules('logged'), ['limit rate 3/minute burst 7 packets log prefix "x" group 4711']);
  t.same(await frameFaults(connection, { ...OPTIONS, log: GROUP }, { sets: ADDRESS_SETS }), []);
  t.match(await frameFaults(connection, { ...OPTIONS, log: KERNEL }, { sets: ADDRESS_SETS }), [
    /chain logged has other rules/,
  ]);
  await (await opened({ log: KERNEL })).close({ keep: true });
  t.same(rules('logged'), ['limit rate 10/minute log prefix "dropset: "']);
  await (await opened({})).close({ keep: true });
  t.notMatch(nftList(), /logged/);
  execFileSync('nft', ['flush', 'ruleset']);
});
