import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { NftablesBackend } from '../../../../src/backends/nftables/backend.js';
import type { NftablesOptions } from '../../../../src/backends/nftables/options.js';
import { Batch } from '../../../../src/model/batch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import type { Change } from '../../../../src/model/street.js';
import { enterNamespace, nftList, track } from '../../../namespace.js';

enterNamespace();

const p = Prefix.parse;
const options: NftablesOptions = {
  table: 'dropset',
  hook: 'prerouting',
  priority: -300,
  elementCounters: true,
  size: 1024,
  allow: [p('127.0.0.0/8')],
};
const add = (address: string, until: number | null = null): Change => ({ verb: 'add', prefix: p(address), until });

async function opened(more: Partial<NftablesOptions> = {}): Promise<NftablesBackend> {
  const backend = new NftablesBackend({ ...options, ...more });
  await backend.open();
  return backend;
}

async function held(backend: NftablesBackend): Promise<string[]> {
  const found: string[] = [];
  for await (const { prefix } of backend.elements()) found.push(prefix.text);
  return found.sort();
}

const batch = (...changes: Change[]): Batch => new Batch(changes, Date.now());

t.test('nobody else can take an owned table away', async (t) => {
  const backend = await opened();
  t.equal(backend.state().table?.owned, true);
  await backend.apply(batch(add('192.0.2.7')));
  execFileSync('nft', ['flush', 'ruleset']);
  t.throws(() => execFileSync('nft', ['delete', 'table', 'inet', 'dropset'], { stdio: 'pipe' }), /not permitted/);
  t.same(await held(backend), ['192.0.2.7']);
  await t.rejects(opened(), { code: 'busy' });
  await backend.close({ keep: false });
  t.equal(nftList(), '');
});

t.test('what was kept is adopted, with its elements, prefixes and counters', async (t) => {
  const first = await opened();
  await first.apply(batch(add('192.0.2.7'), add('2001:db8::/48', Date.now() + 600_000)));
  await first.close({ keep: true });
  t.match(nftList(), /192\.0\.2\.7/);
  for (const more of [{}, { hook: 'input' as const, priority: 0 }, { allow: [] }, { own: false }, {}]) {
    const next = await opened(more);
    t.same(await held(next), ['192.0.2.7', '2001:db8::/48'], JSON.stringify(more));
    await next.apply(batch(add('192.0.2.7'), add('2001:db8:1::/48')));
    await next.apply(batch({ verb: 'remove', prefix: p('2001:db8:1::/48') }));
    t.equal(nftList().match(/chain /g)?.length, 3);
    t.equal(nftList().match(/@ban4 goto/g)?.length, 1);
    await next.close({ keep: true });
  }
  await (await opened()).close({ keep: false });
});

t.test('a table that has no owner is adopted too, and stays without one', async (t) => {
  const first = await opened({ own: false });
  t.equal(first.state().table?.owned, false);
  await first.apply(batch(add('192.0.2.7')));
  await first.close({ keep: true });
  const second = await opened();
  t.equal(second.state().table?.owned, false);
  t.same(await held(second), ['192.0.2.7']);
  await second.close({ keep: false });
});

t.test('sets of another shape are made anew', async (t) => {
  const first = await opened();
  await first.apply(batch(add('192.0.2.7')));
  await first.close({ keep: true });
  for (const more of [{ elementCounters: false }, { size: 2048 }]) {
    const next = await opened(more);
    t.same(await held(next), []);
    t.equal(nftList().includes('size 2048'), 'size' in more);
    await next.close({ keep: true });
  }
  await (await opened()).close({ keep: false });
});

t.test('an element that displeases is named', async (t) => {
  const backend = await opened();
  t.teardown(() => backend.close({ keep: false }));
  // 285,000 years: the kernel answers ERANGE.
  const refused = backend.apply(batch(add('192.0.2.1'), add('192.0.2.66', 9e15), add('192.0.2.2')));
  await t.rejects(refused, { fault: 'element', element: p('192.0.2.66'), message: /element 192\.0\.2\.66: .*ERANGE/ });
  t.same(await held(backend), []);
});

t.test('a table that somebody took away', async (t) => {
  const backend = await opened({ own: false });
  execFileSync('nft', ['delete', 'table', 'inet', 'dropset']);
  await t.rejects(backend.apply(batch(add('192.0.2.1'))), {
    fault: 'backend',
    message: /is gone; dropset builds it again/,
  });
  await t.resolves(backend.close({ keep: false }));
});

t.test('a dump that is left in the middle, and changes meanwhile', async (t) => {
  const backend = await opened({ size: 20_000 });
  t.teardown(() => backend.close({ keep: false }));
  await backend.apply(batch(...Array.from({ length: 9000 }, (_, i) => add(`10.0.${i >> 8}.${i & 255}`))));
  for await (const _ of backend.elements()) {
    await backend.apply(batch(add('192.0.2.1')));
    break;
  }
  t.match(await backend.counters(), { packets: 0, bytes: 0 });
  t.equal((await backend.lookup([p('192.0.2.1')]))[0]?.prefix.text, '192.0.2.1');
});

t.test('removing prefixes of lengths that nobody banned needs no transaction', async (t) => {
  const backend = await opened();
  t.teardown(() => backend.close({ keep: false }));
  await t.resolves(backend.apply(batch({ verb: 'remove', prefix: p('10.0.0.0/8') })));
  t.notMatch(nftList(), /ban4_8/);
});

t.test('before it is open', async (t) => {
  const backend = new NftablesBackend(options);
  t.throws(() => backend.capacity, TypeError);
  await t.rejects(backend.apply(batch(add('192.0.2.1'))), TypeError);
  await t.resolves(backend.close({ keep: true }));
});

t.test('elements that have expired stay gone after a restart', async (t) => {
  const first = await opened();
  await first.apply(batch(add('192.0.2.7', Date.now() + 200)));
  await first.close({ keep: true });
  await sleep(400);
  const second = await opened();
  t.same(await held(second), []);
  await second.close({ keep: false });
});

/** Whether a datagram from one loopback address reaches us. */
async function arrives(from: string): Promise<boolean> {
  const [sender, receiver] = [createSocket('udp4'), createSocket('udp4')];
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  sender.bind(0, from);
  await once(sender, 'listening');
  const arrived = once(receiver, 'message').then(() => true);
  sender.send('x', receiver.address().port, '127.0.0.1');
  const answer = await Promise.race([arrived, sleep(200, false)]);
  sender.close();
  receiver.close();
  return answer;
}

t.test('what is allowed passes, even where it is banned as well', async (t) => {
  const backend = await opened({ allow: [p('127.0.0.5'), p('127.0.1.0/24')] });
  t.teardown(() => backend.close({ keep: false }));
  await backend.apply(batch(add('127.0.0.5'), add('127.0.0.6'), add('127.0.1.7'), add('127.0.2.0/24')));
  for (const [from, passes] of Object.entries({
    '127.0.0.4': true,
    '127.0.0.5': true,
    '127.0.0.6': false,
    '127.0.1.7': true,
    '127.0.2.9': false,
  })) {
    t.equal(await arrives(from), passes, from);
  }
  t.match(await backend.counters(), { elements: 4, packets: 2, bytes: 58 });
});

t.test('replies are spared once connections are tracked: what stands stays, and nothing is disturbed', async (t) => {
  const backend = await opened({ spareReplies: true });
  t.teardown(() => backend.close({ keep: false }));
  await backend.apply(batch(add('192.0.2.7'), add('10.0.0.0/8')));
  t.same(await backend.check(), []);
  t.equal(backend.state().replies, 'untracked');
  t.notMatch(nftList('table', 'inet', 'dropset'), /ct direction/, 'so that no packet pays for being tracked');
  await track();
  t.same(await backend.check(), []);
  t.equal(backend.state().replies, 'tracked');
  t.match(nftList('table', 'inet', 'dropset'), /ct direction reply accept/);
  t.same(await held(backend), ['10.0.0.0/8', '192.0.2.7']);
  await backend.allow([p('192.0.2.9')]);
  await backend.apply(batch(add('198.51.100.0/24')));
  t.same(await backend.check(), []);
  execFileSync('nft', ['delete', 'table', 'inet', 'firewall']);
});

t.test('as they are asked for: what an earlier run had is no more', async (t) => {
  await track();
  for (const [spareReplies, state, rules] of [
    [true, 'tracked', 1],
    ['tcp', 'tcp', 0],
    [false, 'dropped', 0],
    [true, 'tracked', 1],
  ] as const) {
    const backend = await opened({ spareReplies });
    t.equal(backend.state().replies, state);
    t.equal(nftList('table', 'inet', 'dropset').match(/ct direction/g)?.length ?? 0, rules);
    t.same(await backend.check(), []);
    await backend.close({ keep: true });
  }
  await (await opened()).close({ keep: false });
  execFileSync('nft', ['delete', 'table', 'inet', 'firewall']);
});
