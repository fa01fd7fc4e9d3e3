import { execFileSync } from 'node:child_process';
import t from 'tap';
import { writeNft } from '../../../../src/cli/formats/nft.js';
import type { ListedBan } from '../../../../src/control/api.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

const NOW = 1_700_000_000_000;

const ban = (address: string, seconds: number | null, scope = 'all'): ListedBan => ({
  address,
  jail: 'sshd',
  reason: '',
  since: new Date(NOW).toISOString(),
  until: seconds === null ? null : new Date(NOW + seconds * 1000).toISOString(),
  scope,
  packets: null,
  bytes: null,
  folded: null,
});

async function script(bans: Iterable<ListedBan>): Promise<string> {
  async function* each() {
    yield* bans;
  }
  let all = '';
  for await (const part of writeNft(each(), () => NOW)) all += part;
  return all;
}

/** What nft holds then, as it says in JSON. */
function loaded(text: string) {
  execFileSync('nft', ['-f', '-'], { input: text });
  const { nftables } = JSON.parse(execFileSync('nft', ['-j', 'list', 'ruleset'], { encoding: 'utf8' }));
  const sets = nftables.flatMap((one: { set?: { name: string; elem?: unknown[] } }) => one.set ?? []);
  return Object.fromEntries(
    sets.map(({ name, elem }: { name: string; elem?: unknown[] }) => [
      name,
      (elem ?? []).map((one) => JSON.stringify(one)).toSorted(),
    ]),
  );
}

t.test('nft takes it, twice too, and holds addresses, prefixes and times', async (t) => {
  const bans = [
    ban('192.0.2.0/24', 60),
    ban('192.0.2.7', 3600),
    ban('192.0.2.8', null),
    ban('2001:db8::/32', null),
    ban('2001:db8::1', 0.2),
  ];
  const text = await script(bans);
  for (let time = 0; time < 2; time++) {
    t.match(loaded(text), {
      ban4: [/"192.0.2.8"/, /"val":"192.0.2.7","timeout":3600/],
      ban4_24: [/"val":"192.0.2.0","timeout":60/],
      ban6: [/"val":"2001:db8::1","timeout":1[,}]/],
      ban6_32: [/"2001:db8::"/],
    });
  }
  const rules = execFileSync('nft', ['list', 'chain', 'inet', 'dropset_export', 'prerouting'], { encoding: 'utf8' });
  t.match(rules, /ip saddr @ban4 drop/);
  t.match(rules, /ip saddr & 255\.255\.255\.0 (?:== )?@ban4_24 drop/);
  t.match(rules, /ip6 saddr & ffff:ffff:: (?:== )?@ban6_32 drop/);
});

t.test('of several bans of an address the one that ends last', async (t) => {
  const bans = [
    ban('192.0.2.7', 60),
    ban('192.0.2.7', 120),
    ban('192.0.2.7', 90),
    ban('192.0.2.8', 60),
    ban('192.0.2.8', null),
  ];
  t.match(loaded(await script(bans)), { ban4: [/"192.0.2.8"/, /"val":"192.0.2.7","timeout":120/] });
});

t.test('bans of some ports are rules of their own, and who is only observed is left out', async (t) => {
  const bans = [
    ban('192.0.2.7', 60, 'tcp/22,1000-1010 udp/53'),
    ban('192.0.2.7', 120),
    ban('192.0.2.7', 90, 'tcp/22,1000-1010 udp/53'),
    ban('192.0.2.8', null, 'tcp/22,1000-1010 udp/53'),
    ban('192.0.2.9', null, 'observe'),
    ban('2001:db8::/32', null, 'tcp/*'),
  ];
  t.match(loaded(await script(bans)), {
    ban4: [/"val":"192.0.2.7","timeout":120/],
    ban4_scope0: [/"192.0.2.8"/, /"val":"192.0.2.7","timeout":90/],
    ban6_32_scope2: [/"2001:db8::"/],
  });
  const rules = execFileSync('nft', ['list', 'chain', 'inet', 'dropset_export', 'prerouting'], { encoding: 'utf8' });
  t.match(rules, /tcp dport \{ 22, 1000-1010 \} ip saddr @ban4_scope0 drop/);
  t.match(rules, /udp dport (?:53|\{ 53 \}) ip saddr @ban4_scope0 drop/);
  t.match(rules, /meta l4proto tcp ip6 saddr & ffff:ffff:: (?:== )?@ban6_32_scope2 drop/);
});

t.test('thousands, and for a hundred years', async (t) => {
  const many = Array.from({ length: 1201 }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`, 100 * 365 * 86_400));
  t.equal(loaded(await script(many)).ban4.length, 1201);
});

t.test('nobody is banned', async (t) => {
  t.same(loaded(await script([])), {});
});
