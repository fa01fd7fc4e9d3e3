import { execFileSync } from 'node:child_process';
import t from 'tap';
import { NftablesBackend } from '../../../../src/backends/nftables/backend.js';
import { frameFaults } from '../../../../src/backends/nftables/frame.js';
import type { NftablesOptions } from '../../../../src/backends/nftables/options.js';
import { ADDRESS_SETS, setFor } from '../../../../src/backends/nftables/sets.js';
import { Batch } from '../../../../src/model/batch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Scope } from '../../../../src/model/scope.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

const p = Prefix.parse;
const options: NftablesOptions = {
  table: 'dropset',
  hook: 'prerouting',
  priority: -300,
  elementCounters: true,
  size: 1024,
  allow: [p('127.0.0.0/8'), p('198.51.100.7'), p('2001:db8::/32')],
  own: false,
};
const SETS = [...ADDRESS_SETS, setFor(4, 24), setFor(6, 48)];

const connection = Connection.open(NETLINK_NETFILTER);
t.teardown(() => connection.close());
const faults = (more: Partial<NftablesOptions> = {}): Promise<string[]> =>
  frameFaults(connection, { ...options, ...more }, { sets: SETS });
const nft = (script: string): void => void execFileSync('nft', ['-f', '-'], { input: script });

/** A table with prefixes of two lengths. */
async function made(more: Partial<NftablesOptions> = {}): Promise<NftablesBackend> {
  const backend = new NftablesBackend({ ...options, ...more });
  await backend.open();
  const changes = ['10.0.0.0/24', '2001:db8:1::/48', '192.0.2.7'].map((address) => p(address));
  await backend.apply(
    new Batch(
      changes.map((prefix) => ({ verb: 'add', prefix, until: null })),
      Date.now(),
    ),
  );
  return backend;
}

t.test('what was just made has no fault, in every shape', async (t) => {
  for (const more of [
    {},
    { own: true },
    { hook: 'input', priority: 7 },
    { allow: [] },
    { elementCounters: false },
  ] as const) {
    const backend = await made(more);
    t.same(await faults(more), [], JSON.stringify(more));
    await backend.close({ keep: true });
    const adopted = await made(more);
    t.same(await faults(more), [], 'adopted');
    await adopted.close({ keep: false });
  }
});

/** What somebody may do to it, and what is said of it. */
const HARM: Readonly<Record<string, readonly [script: string, fault: RegExp]>> = {
  'deletes the table': ['delete table inet dropset', /^table inet dropset is gone$/],
  'puts it to sleep': ['add table inet dropset { flags dormant; }', /^table inet dropset is dormant$/],
  'flushes the rules': ['flush table inet dropset', /^chain banned4 has other rules in table inet dropset$/],
  'flushes the hook': ['flush chain inet dropset prerouting', /^chain prerouting has other rules/],
  'lets everybody pass': ['insert rule inet dropset prerouting accept', /^chain prerouting has other rules/],
  'lets the banned pass': ['insert rule inet dropset banned4 accept', /^chain banned4 has other rules/],
  'allows the banned': ['add element inet dropset allow4 { 192.0.2.7 }', /^set allow4 allows somebody else/],
  'allows nobody': ['flush set inet dropset allow6', /^set allow6 allows somebody else/],
  'moves the hook': [
    `flush chain inet dropset prerouting; delete chain inet dropset prerouting
     add chain inet dropset prerouting { type filter hook prerouting priority 0; }`,
    /^chain prerouting has another hook, priority or policy/,
  ],
  'takes a set': ['flush chain inet dropset prerouting; delete set inet dropset ban4_24', /^set ban4_24 is gone/],
  'takes a chain': [
    'flush chain inet dropset prerouting; flush chain inet dropset banned6; delete chain inet dropset banned6',
    /^chain banned6 is gone/,
  ],
};

for (const [what, [script, fault]] of Object.entries(HARM)) {
  t.test(`somebody ${what}: it is seen, and repaired`, async (t) => {
    const backend = await made();
    t.teardown(() => backend.close({ keep: false }));
    nft(script);
    const found = await faults();
    t.ok(
      found.some((sentence) => fault.test(sentence)),
      found.join('\n'),
    );
    t.same(await backend.check(), found);
    await backend.repair();
    t.same(await backend.check(), []);
    const [address] = await backend.lookup([p('192.0.2.7')]);
    const isLost = /gone$|dormant/.test(found[0] ?? '');
    t.equal(address !== undefined, !isLost, 'elements that were there are there');
  });
}

/** The same for what elements with a scope need. */
const SCOPE_HARM: Readonly<Record<string, readonly [script: string, fault: RegExp]>> = {
  'lets scopes lead nowhere': ['flush map inet dropset scopes', /^map scopes leads elsewhere/],
  'lets them lead elsewhere': [
    'flush map inet dropset scopes; add element inet dropset scopes { 0:1 : jump hit_udp/53, 0:2 : accept }',
    /^map scopes leads elsewhere/,
  ],
  'flushes a scope': ['flush chain inet dropset scope_tcp/22', /^chain scope_tcp\/22 has other rules/],
  'lets who is hit pass': ['insert rule inet dropset hit_udp/53 accept', /^chain hit_udp\/53 has other rules/],
  'takes a map': ['flush chain inet dropset prerouting; delete map inet dropset scoped4', /^set scoped4 is gone/],
  'flushes the hook': ['flush chain inet dropset prerouting', /^chain prerouting has other rules/],
  'deletes the table': ['delete table inet dropset', /^table inet dropset is gone$/],
};

for (const [what, [script, fault]] of Object.entries(SCOPE_HARM)) {
  t.test(`somebody ${what}: it is seen, and repaired`, async (t) => {
    const backend = await made({ spareReplies: true });
    t.teardown(() => backend.close({ keep: false }));
    const scoped = ['tcp/22', 'udp/53'].map((text, index) => ({
      ...{ verb: 'add' as const, prefix: p(`192.0.2.${index}`), until: null, scope: Scope.parse(text) },
    }));
    await backend.apply(new Batch(scoped, Date.now()));
    t.same(await backend.check(), []);
    nft(script);
    const found = await backend.check();
    t.ok(
      found.some((sentence) => fault.test(sentence)),
      found.join('\n'),
    );
    await backend.repair();
    t.same(await backend.check(), []);
    await backend.apply(new Batch(scoped, Date.now()));
    const elements = await backend.lookup(scoped.map(({ prefix }) => prefix));
    t.same(
      elements.map((element) => element?.scope?.text),
      ['tcp/22', 'udp/53'],
    );
    t.same(await backend.check(), []);
  });
}

t.test('a rule of ours in another order is a fault, and one that is twice', async (t) => {
  const backend = await made();
  t.teardown(() => backend.close({ keep: false }));
  const rules = [
    'meta nfproto ipv4 ip saddr @ban4 goto banned4',
    'meta nfproto ipv6 ip6 saddr @ban6 goto banned6',
    'ip saddr & 255.255.255.0 @ban4_24 goto banned4',
    'ip6 saddr & ffff:ffff:ffff:: @ban6_48 goto banned6',
  ];
  const write = (all: readonly string[]): void =>
    nft(
      ['flush chain inet dropset prerouting', ...all.map((rule) => `add rule inet dropset prerouting ${rule}`)].join(
        '\n',
      ),
    );
  write(rules);
  t.same(await faults(), []);
  for (const other of [rules.toReversed(), [...rules, 'ip saddr @ban4 goto banned4']]) {
    write(other);
    t.match(await faults(), ['chain prerouting has other rules in table inet dropset']);
  }
  await backend.repair();
  t.same(await faults(), [], 'they are brought back in their order');
});

t.test('sets of the same names and another shape are made anew', async (t) => {
  const backend = await made();
  t.teardown(() => backend.close({ keep: false }));
  nft(`delete table inet dropset
    add table inet dropset
    add set inet dropset ban4 { type ipv6_addr; }
    add chain inet dropset mine { type filter hook input priority 0; }`);
  await backend.repair();
  t.same(await backend.check(), []);
  t.same(await backend.lookup([p('192.0.2.7'), p('10.0.0.0/24')]), [undefined, undefined]);
});

t.test('a table that somebody else owns by now cannot be repaired', async (t) => {
  const backend = await made();
  nft('delete table inet dropset');
  const other = await made({ own: true, hook: 'input' });
  const refused = backend.apply(new Batch([{ verb: 'add', prefix: p('192.0.2.1'), until: null }], Date.now()));
  await t.rejects(refused, { fault: 'backend', message: /belongs to another process/ });
  t.ok((await backend.check()).length > 0);
  await t.rejects(backend.repair(), { code: 'busy' });
  await backend.close({ keep: true });
  await other.close({ keep: false });
});
