import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { explain } from '../../../src/daemon/why.js';
import { Guard } from '../../../src/guard/guard.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Ban, Verdict } from '../../../src/model/street.js';
import { LIMITS, NO_FACTS, neverLoopback } from '../../service.js';

const NOW = 1_700_000_000_000;
const SINCE = '2023-11-14T22:13:20.000Z';
const p = Prefix.parse;

const ban = (address: string, jail: string, more: Partial<Ban> = {}): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason: 'r', since: NOW, until: null, ...more },
});

/** A ledger and a backend that hold what `verdicts` say. */
async function asked(t: Test, verdicts: readonly Verdict[], address: string) {
  const clock = () => NOW;
  const ledger = Ledger.open(':memory:', { clock });
  t.teardown(() => ledger.close());
  const backend = new MemoryBackend({ clock });
  await backend.open();
  await backend.apply(new Batch(ledger.record(verdicts).changes, NOW));
  const guard = new Guard({ ...LIMITS, problem: () => undefined, gather: async () => NO_FACTS, now: () => NOW });
  const options = {
    backend,
    ledger,
    refusal: neverLoopback,
    protection: { guard },
    hook: { name: 'input', priority: 5 },
  };
  return { backend, found: await explain(p(address), options), again: () => explain(p(address), options) };
}

t.test('nothing is known', async (t) => {
  const { found } = await asked(t, [ban('192.0.2.8', 'sshd')], '192.0.2.7');
  t.strictSame(found, {
    address: '192.0.2.7',
    banned: false,
    bans: [],
    elements: [],
    folded: null,
    past: [],
    never: null,
    guard: null,
    unban: { lifts: [], stays: [] },
    backend: 'memory',
    table: null,
    interfaces: null,
  });
});

t.test('who is only observed is not banned', async (t) => {
  const observed = await asked(t, [ban('192.0.2.7', 'sshd', { scope: Scope.parse('observe') })], '192.0.2.7');
  t.match(observed.found, { banned: false, bans: [{ scope: 'observe' }], elements: [{ scope: 'observe' }] });
  const verdicts = [
    ban('192.0.2.7', 'sshd', { scope: Scope.parse('tcp/22') }),
    ban('192.0.2.7', 'web', { scope: Scope.parse('tcp/80') }),
  ];
  const { found } = await asked(t, verdicts, '192.0.2.7');
  t.match(found, {
    banned: true,
    bans: [{ scope: 'tcp/22' }, { scope: 'tcp/80' }],
    elements: [{ scope: 'tcp/22,80' }],
  });
});

t.test('bans of its own and of what covers it, the widest first', async (t) => {
  const { found } = await asked(
    t,
    [
      ban('192.0.2.7', 'sshd', { lines: ['a', 'b'], until: NOW + 1000 }),
      ban('192.0.2.0/24', 'manual'),
      ban('192.0.0.0/16', 'web'),
      ban('192.0.3.0/24', 'web'),
      ban('192.0.2.8', 'sshd'),
    ],
    '::ffff:192.0.2.7',
  );
  const rest = { reason: 'r', since: SINCE, scope: 'all', extended: null };
  t.strictSame(found.bans, [
    { address: '192.0.0.0/16', jail: 'web', ...rest, until: null, lines: [] },
    { address: '192.0.2.0/24', jail: 'manual', ...rest, until: null, lines: [] },
    { address: '192.0.2.7', jail: 'sshd', ...rest, until: '2023-11-14T22:13:21.000Z', lines: ['a', 'b'] },
  ]);
  t.match(found, {
    address: '192.0.2.7',
    banned: true,
    elements: [{ address: '192.0.0.0/16', set: null }, { address: '192.0.2.0/24' }],
    folded: '192.0.0.0/16',
    past: [{ jail: 'web', bans: 1 }, { jail: 'manual' }, { jail: 'sshd', bans: 1, first: SINCE, last: SINCE }],
    unban: {
      lifts: [{ address: '192.0.2.7', jail: 'sshd' }],
      stays: [
        { address: '192.0.0.0/16', jail: 'web' },
        { address: '192.0.2.0/24', jail: 'manual' },
      ],
    },
  });
});

t.test('IPv6, a prefix, and never-rules', async (t) => {
  const { found } = await asked(t, [ban('2001:db8::/32', 'a')], '2001:db8:7::/48');
  t.match(found, { address: '2001:db8:7::/48', banned: true, bans: [{ address: '2001:db8::/32' }], never: null });
  const { found: never } = await asked(t, [], '127.0.0.1');
  t.match(never, { banned: false, never: '127.0.0.1 must never be banned: it is this host' });
});

t.test('what was before, and is not any more', async (t) => {
  const lift: Verdict = { kind: 'unban', prefix: p('192.0.2.7') };
  const verdicts = [ban('192.0.2.7', 'sshd'), lift, ban('192.0.2.7', 'sshd', { since: NOW + 60_000 }), lift];
  const { found } = await asked(t, verdicts, '192.0.2.7');
  t.strictSame(found.past, [
    { address: '192.0.2.7', jail: 'sshd', bans: 2, first: SINCE, last: '2023-11-14T22:14:20.000Z' },
  ]);
  t.match(found, { banned: false, bans: [], unban: { lifts: [], stays: [] } });
});

t.test('the ledger and the kernel need not agree', async (t) => {
  const { backend, again } = await asked(t, [ban('192.0.2.7', 'sshd')], '192.0.2.7');
  await backend.apply(new Batch([{ verb: 'remove', prefix: p('192.0.2.7') }], NOW));
  t.match(await again(), { banned: false, bans: [{ jail: 'sshd' }], elements: [] });
});

t.test('where it is dropped, by the backend', async (t) => {
  const { backend, again } = await asked(
    t,
    [ban('192.0.2.0/24', 'a', { until: NOW + 1000 }), ban('192.0.2.7', 'a')],
    '192.0.2.7',
  );
  backend.state = () => ({ table: { name: 'dropset', owned: true } });
  t.match(await again(), {
    table: { name: 'dropset', hook: 'input', priority: 5 },
    interfaces: null,
    elements: [{ set: 'ban4_24' }, { set: 'ban4' }],
  });
  const interfaces = [{ name: 'eth0', mode: 'native' as const }];
  backend.state = () => ({ interfaces });
  t.match(await again(), { table: null, interfaces, elements: [{ set: null }, { set: null }] });
});

t.test('what is folded into a prefix', async (t) => {
  const verdicts = [ban('192.0.2.7', 'sshd', { until: NOW + 1000 }), ban('192.0.2.0/24', 'manual')];
  const { found } = await asked(t, verdicts, '192.0.2.7');
  t.match(found, {
    banned: true,
    folded: '192.0.2.0/24',
    unban: { lifts: [{ jail: 'sshd' }], stays: [{ jail: 'manual' }] },
  });
  t.equal((await asked(t, verdicts, '192.0.2.0/24')).found.folded, null);
});

t.test('how often a ban was extended', async (t) => {
  const clock = () => NOW;
  const ledger = Ledger.open(':memory:', { clock });
  t.teardown(() => ledger.close());
  const [prefix, until] = [p('192.0.2.7'), NOW + 1000];
  ledger.record([ban('192.0.2.7', 'sshd', { until }), ban('192.0.2.7', 'web')]);
  ledger.extensions.extend([{ prefix, jail: 'sshd', until, next: NOW + 2000, span: 1000 }]);
  const guard = new Guard({ ...LIMITS, problem: () => undefined, gather: async () => NO_FACTS, now: () => NOW });
  const backend = new MemoryBackend({ clock });
  await backend.open();
  const hook = { name: 'input', priority: 5 };
  const { bans } = await explain(prefix, { backend, ledger, refusal: neverLoopback, protection: { guard }, hook });
  t.strictSame(
    bans.map(({ jail, extended }) => [jail, extended]),
    [
      ['sshd', { times: 1, active: SINCE }],
      ['web', null],
    ],
  );
});
