import t from 'tap';
import type { JailConfig, SourceConfig } from '../../../src/config/config.js';
import { overviewOf } from '../../../src/inspection/jails.js';
import type { Escalation } from '../../../src/model/escalation.js';

const jailOf = (sources: readonly SourceConfig[], more: Partial<JailConfig> = {}): JailConfig => ({
  name: 'x',
  origin: 'dropset.toml',
  filter: { name: 'x[mode=more]', origin: '/f/x.conf', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] },
  sources,
  maxretry: 3,
  findtime: 600_000,
  bantime: 60_000,
  usedns: 'no',
  encoding: 'utf-8',
  ignoreip: ['192.0.2.1'],
  ignoreself: true,
  scope: 'all',
  ...more,
});

const overview = (...jails: JailConfig[]) => overviewOf({ jails, backends: [{ name: 'nftables', kind: 'nftables' }] });

t.test('a jail as it would run, with seconds', async (t) => {
  t.same(overview(jailOf([])), [
    {
      name: 'x',
      origin: 'dropset.toml',
      filter: 'x[mode=more]',
      sources: [],
      maxretry: 3,
      findtime: 600,
      bantime: 60,
      scope: 'all',
      ignoreip: ['192.0.2.1'],
      ignoreself: true,
    },
  ]);
  t.match(overview(jailOf([], { bantime: null, scope: 'tcp/22' })), [{ bantime: null, scope: 'tcp/22' }]);
});

t.test('sources of all kinds, and how many files there are', async (t) => {
  const folder = t.testdir({ 'a.log': '', 'b.log': '' });
  const [found] = overview(
    jailOf([
      { kind: 'file', pattern: `${folder}/*.log`, start: 'end' },
      { kind: 'btmp', path: `${folder}/btmp` },
      { kind: 'journal', matches: ['_COMM=sshd', '_COMM=x'] },
      { kind: 'journal', matches: [] },
      { kind: 'syslog', listen: 'udp://127.0.0.1:5514' },
      { kind: 'stdin' },
    ]),
  );
  t.same(found?.sources, [
    { kind: 'file', name: `${folder}/*.log`, files: 2 },
    { kind: 'btmp', name: `${folder}/btmp`, files: 0 },
    { kind: 'journal', name: 'journal _COMM=sshd | _COMM=x' },
    { kind: 'journal', name: 'journal' },
    { kind: 'syslog', name: 'udp://127.0.0.1:5514' },
    { kind: 'stdin', name: 'standard input' },
  ]);
});

t.test('how bans grow, in a few words, and whose bans are counted', async (t) => {
  const none = { random: 0, across: false };
  const table: [Escalation, string][] = [
    [{ growth: { kind: 'factor', factor: 2, scale: 1 }, ...none }, 'x2 each return'],
    [
      {
        growth: { kind: 'durations', durations: [60_000, null] },
        ...{ max: 3_600_000, decay: 86_400_000, random: 0.1, rndtime: 1000, across: true },
      },
      '1m, for ever, at most 1h, a step less every 1d, up to 10 % more by chance, up to 1s more by chance, bans of all jails count',
    ],
    [{ growth: { kind: 'multipliers', multipliers: [1, 2, 3, 4, 5, 6, 7] }, ...none }, 'x1, 2, 3, 4, 5, ... 7'],
  ];
  for (const [escalation, words] of table) t.match(overview(jailOf([], { escalation })), [{ escalation: words }]);
});

t.test('sieges, in a few words', async (t) => {
  const siege = { offenders: 100, userOffenders: 20, window: 600_000, calm: 1_800_000 };
  const words = 'over 100 offenders, or 20 against one user, in 10m, until 30m are calm';
  t.match(overview(jailOf([], { siege })), [{ siege: words }]);
  t.notOk('siege' in (overview(jailOf([]))[0] as object));
  t.match(overview(jailOf([], { recidive: ['*'] })), [{ sources: [{ kind: 'bans', name: 'bans of all jails' }] }]);
});

t.test('a preset, and proxies', async (t) => {
  t.match(overview(jailOf([], { preset: 'sshd', trustedProxies: ['10.0.0.0/8'] })), [
    { preset: 'sshd', trusted_proxies: ['10.0.0.0/8'] },
  ]);
  t.notOk('preset' in (overview(jailOf([]))[0] ?? {}));
});

t.test('bans that last while packets come', async (t) => {
  t.match(overview(jailOf([], { extend: { atMost: 604_800_000 } })), [
    { extends: 'while packets come, at most 7d in all' },
  ]);
  t.equal(overview(jailOf([]))[0]?.extends, undefined);
});

t.test('where bans go, if there is more than one place; and packets that are not written down', async (t) => {
  const backends = (['nftables', 'route'] as const).map((kind) => ({ name: kind, kind }));
  const jails = [jailOf([]), jailOf([], { backends: ['route'], log: false })];
  t.match(overviewOf({ jails, backends }), [
    { backends: ['nftables', 'route'], log: undefined },
    { backends: ['route'], log: false },
  ]);
  t.equal(overview(jailOf([]))[0]?.backends, undefined);
});
