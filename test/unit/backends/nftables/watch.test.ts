import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Disturbance } from '../../../../src/backends/backend.js';
import { NftablesBackend } from '../../../../src/backends/nftables/backend.js';
import { Batch } from '../../../../src/model/batch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import type { Change } from '../../../../src/model/street.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

const p = Prefix.parse;
const nft = (script: string): void => void execFileSync('nft', ['-f', '-'], { input: script });
const add = (address: string): Change => ({ verb: 'add', prefix: p(address), until: Date.now() + 600_000 });

async function watched(t: Test, own = false) {
  const heard: Disturbance[] = [];
  const backend = new NftablesBackend({
    table: 'dropset',
    hook: 'prerouting',
    priority: -300,
    elementCounters: true,
    size: 65_536,
    allow: [],
    own,
  });
  await backend.open();
  backend.watch((disturbance) => heard.push(disturbance));
  t.teardown(() => backend.close({ keep: false }));
  /** What has come, once at least `count` have, or after a moment. */
  const next = async (count: number): Promise<readonly Disturbance[]> => {
    for (let waited = 0; heard.length < count && waited < 400; waited++) await sleep(5);
    await sleep(20);
    return heard.splice(0);
  };
  const apply = (...changes: Change[]): Promise<void> => backend.apply(new Batch(changes, Date.now()));
  return { backend, apply, next };
}

t.test('our own changes are not heard, however many', async (t) => {
  const { backend, apply, next } = await watched(t);
  await apply(add('192.0.2.1'), add('10.0.0.0/24'), add('2001:db8::/48'));
  await apply(...Array.from({ length: 9000 }, (_, index) => add(`10.1.${index >> 8}.${index & 255}`)));
  await backend.repair();
  nft('flush chain inet dropset prerouting');
  await next(1);
  await backend.repair();
  t.same(await next(1), []);
});

t.test('other tables are nobody of ours', async (t) => {
  const { next } = await watched(t);
  nft(
    'add table inet other; add table ip dropset; add set ip dropset ban4 { type ipv4_addr; elements = { 192.0.2.1 } }',
  );
  nft('delete table inet other; delete table ip dropset');
  t.same(await next(1), []);
});

t.test('elements are named, and who touched them', async (t) => {
  const { apply, next } = await watched(t);
  await apply(add('192.0.2.1'), add('192.0.2.2'), add('10.0.0.0/24'), add('2001:db8::1'));
  nft(`delete element inet dropset ban4 { 192.0.2.1, 192.0.2.2 }
    delete element inet dropset ban4_24 { 10.0.0.0 }
    add element inet dropset ban6 { 2001:db8::9 }`);
  const [one, ...others] = await next(1);
  t.same(others, [], 'one transaction is told once');
  t.match(one?.sentence, /^nft \(process \d+\) changed 4 elements of table inet dropset$/);
  t.same(one?.elements?.map(String).sort(), ['10.0.0.0/24', '192.0.2.1', '192.0.2.2', '2001:db8::9']);
});

t.test('anything else is the whole table', async (t) => {
  const { backend, apply, next } = await watched(t);
  for (const script of [
    'flush chain inet dropset prerouting',
    'add rule inet dropset banned4 accept',
    'add element inet dropset allow4 { 192.0.2.1 }',
    'add table inet dropset { flags dormant; }',
    'add chain inet dropset mine',
    'flush ruleset',
    'flush ruleset; add table inet firewall; add chain inet firewall input { type filter hook input priority 0; }',
  ]) {
    await apply(add('192.0.2.1')).catch(() => undefined);
    nft(script);
    const heard = await next(1);
    t.equal(heard.length, 1, script);
    t.match(heard[0]?.sentence, /^nft \(process \d+\) changed table inet dropset$/);
    t.notOk(heard[0]?.elements);
    await backend.repair();
  }
});

t.test('a storm that overruns the buffer is told, and hearing goes on', async (t) => {
  const { apply, next } = await watched(t);
  const all = Array.from({ length: 60_000 }, (_, index) =>
    add(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
  );
  for (let from = 0; from < all.length; from += 10_000) await apply(...all.slice(from, from + 10_000));
  nft('flush set inet dropset ban4');
  const heard = await next(1);
  t.ok(heard.some(({ elements }) => elements === undefined));
  await next(0);
  await apply(add('192.0.2.1'));
  nft('delete element inet dropset ban4 { 192.0.2.1 }');
  t.equal((await next(1)).length, 1);
  nft('delete table inet dropset');
  t.equal((await next(1)).length, 1);
});

t.test('nobody can touch an owned table, and so nobody listens', async (t) => {
  const { backend, apply, next } = await watched(t, true);
  await apply(add('192.0.2.1'));
  nft('flush ruleset');
  for (const script of [
    'delete table inet dropset',
    'flush table inet dropset',
    'delete element inet dropset ban4 { 192.0.2.1 }',
    'flush set inet dropset ban4',
    'insert rule inet dropset prerouting accept',
    'add table inet dropset { flags dormant; }',
    'flush chain inet dropset banned4',
    'delete table inet dropset; add table inet dropset',
  ]) {
    t.throws(() => execFileSync('nft', ['-f', '-'], { input: script, stdio: 'pipe' }), /not permitted|busy/, script);
  }
  nft('flush ruleset; add table inet firewall; add chain inet firewall input { type filter hook input priority 0; }');
  t.same(await backend.check(), []);
  t.equal((await backend.lookup([p('192.0.2.1')]))[0]?.prefix.text, '192.0.2.1');
  t.same(await next(0), []);
});
