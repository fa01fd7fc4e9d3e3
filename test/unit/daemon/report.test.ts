import t from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { reportOf } from '../../../src/daemon/report.js';
import type { JailReport } from '../../../src/model/jail-report.js';

const parts = {
  backend: new MemoryBackend(),
  backends: [],
  jails: [],
  scoped: [],
  since: 1_700_000_000_000,
  audited: null,
  bans: 0,
  writer: { pending: 0, batches: 0, written: 0, refused: 0 },
  repaired: 0,
  problems: [],
  hooks: [],
  standing: { state: 'file', until: null } as const,
  pending: [],
};

t.test('what a backend does not tell is null, and the order is one for people', async (t) => {
  const report = await reportOf(parts);
  t.match(report, {
    backend: 'memory',
    table: null,
    owned: null,
    interfaces: null,
    memory: null,
    replies: null,
    elements: 0,
  });
  t.match(report, { since: '2023-11-14T22:13:20.000Z', audited: null });
  t.same(Object.keys(report).slice(0, 4), ['version', 'backend', 'backends', 'table']);
  t.equal(Object.keys(report).at(-1), 'problems');
});

t.test('jails are added up, and an audit has its time', async (t) => {
  const jail = (lines: number, failures: number): JailReport => ({ lines, failures }) as JailReport;
  const report = await reportOf({ ...parts, jails: [jail(10, 2), jail(5, 1)], audited: 1_700_000_060_000 });
  t.match(report, { lines: 15, failures: 3, audited: '2023-11-14T22:14:20.000Z' });
});

t.test('what scopes dropped or observed is told with the jails that have them', async (t) => {
  const traffic = { packets: 3, bytes: 180 };
  const backend = {
    kind: 'nftables',
    counters: async () => ({
      ...{ elements: 2, packets: 3, bytes: 180, observed: { packets: 9, bytes: 540 } },
      scopes: new Map([
        ['tcp/22', traffic],
        ['observe', { packets: 9, bytes: 540 }],
        ['tcp/22,80', traffic],
      ]),
    }),
    state: () => ({}),
  };
  const scoped = [
    { name: 'sshd', scope: 'tcp/22' },
    { name: 'web', scope: 'observe' },
    { name: 'mail', scope: 'observe' },
    { name: 'all', scope: 'all' },
  ];
  const report = await reportOf({ ...parts, backend, scoped });
  t.same(report.observed, { packets: 9, bytes: 540 });
  t.same(report.scopes, [
    { scope: 'tcp/22', observes: false, jails: ['sshd'], packets: 3, bytes: 180 },
    { scope: 'observe', observes: true, jails: ['web', 'mail'], packets: 9, bytes: 540 },
    { scope: 'tcp/22,80', observes: false, jails: [], packets: 3, bytes: 180 },
  ]);
});

t.test('what waits to be confirmed has its time', async (t) => {
  const pending = [{ deadline: 1_700_000_060_000 }, { deadline: 1_700_000_000_000 }];
  const standing = { state: 'trial', until: 1_700_000_060_000 } as const;
  t.match(await reportOf({ ...parts, pending, standing }), {
    configuration: { state: 'trial', until: '2023-11-14T22:14:20.000Z' },
    unconfirmed: { bans: 2, until: '2023-11-14T22:13:20.000Z' },
  });
  t.match(await reportOf(parts), {
    configuration: { state: 'file', until: null },
    unconfirmed: { bans: 0, until: null },
  });
});
