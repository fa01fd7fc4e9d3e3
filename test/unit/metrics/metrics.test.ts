import t from 'tap';
import { type Instant, Metrics, type MetricsOptions } from '../../../src/metrics/metrics.js';
import { Batch } from '../../../src/model/batch.js';
import { monotonic } from '../../../src/model/clock.js';
import { DropsetError } from '../../../src/model/errors.js';
import type { JailReport } from '../../../src/model/jail-report.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';
import { parseExposition } from '../../exposition.js';

const REPORT: JailReport = {
  ...{ name: 'sshd', filter: 'sshd', sources: [], lines: 10, behind: 7, failures: 4, bans: 1, never: 2, outdated: 0 },
  ...{ skewed: 0, evicted: 0, unresolved: 0, invalid: 3, ignored: 0, overruns: 0 },
  siege: {
    standing: [null, 'root', 'admin'].map((user) => ({ user, since: '2026-01-01T00:00:00.000Z', bans: 1 })),
    known: 5,
  },
};

const INSTANT: Instant = {
  ...{ version: '1.2.3', backend: 'nftables', underway: 1, isLedgerWhole: true, differences: 2, repaired: 3 },
  ...{ writer: { pending: 4, written: 5, refused: 6 }, audited: null, problems: 7, isOwned: false },
  hooks: [{ name: 'notify', calls: 8, failures: 9, queued: 10, dropped: 11 }],
  others: [
    { name: 'route', isUp: true, pending: 12, refused: 13 },
    { name: 'denyfile.web', isUp: false, pending: 0, refused: 0 },
  ],
};

function metrics(more: Partial<MetricsOptions> = {}) {
  const asked = { reports: 0, counters: 0 };
  const it = new Metrics({
    jails: () => JAILS,
    reports: async () => {
      asked.reports++;
      return [REPORT];
    },
    counters: async () => {
      asked.counters++;
      return { elements: 8, packets: 9, bytes: 540, observed: { packets: 14, bytes: 840 } };
    },
    bans: () => 11,
    lookup: async (prefixes) => prefixes.map((prefix) => ({ prefix, until: null, packets: 2, bytes: 120 })),
    behind: () => ({ prefixes: [], last: undefined }),
    bansOf: () => [],
    since: 0,
    instant: () => INSTANT,
    ...more,
  });
  const values = async () => {
    const series = [...parseExposition(await it.text()).values()].flatMap((family) => family.series);
    return Object.fromEntries(
      series.map(({ name, labels, value }) => [[name, ...Object.values(labels)].join(' '), value]),
    );
  };
  return { it, asked, values };
}

const JAILS = [{ name: 'sshd' }];

const ban = (address: string, jail: string, read?: number): Verdict => ({
  kind: 'ban',
  ban: { prefix: Prefix.parse(address), jail, reason: '', since: 1, until: null },
  ...(read !== undefined && { read }),
});

t.test('what is asked', async (t) => {
  const { values } = metrics();
  t.match(await values(), {
    'dropset_lines_total sshd': 10,
    'dropset_failures_total sshd': 4,
    'dropset_uncounted_total sshd never': 2,
    'dropset_uncounted_total sshd invalid': 3,
    'dropset_uncounted_total sshd overruns': 0,
    'dropset_source_behind_bytes sshd': 7,
    'dropset_sieges sshd jail': 1,
    'dropset_sieges sshd user': 2,
    dropset_elements: 8,
    dropset_dropped_packets_total: 9,
    dropset_dropped_bytes_total: 540,
    dropset_standing_bans: 11,
    dropset_detection_batches: 1,
    dropset_writer_pending_changes: 4,
    dropset_written_changes_total: 5,
    dropset_refused_changes_total: 6,
    dropset_ledger_recovering: 0,
    dropset_audit_differences_total: 2,
    dropset_repaired_elements_total: 3,
    dropset_problems_total: 7,
    'dropset_hook_calls_total notify ok': 8,
    'dropset_hook_calls_total notify failed': 9,
    'dropset_hook_waiting_events notify': 10,
    'dropset_hook_dropped_events_total notify': 11,
    dropset_table_owned: 0,
    dropset_observed_packets_total: 14,
    dropset_observed_bytes_total: 840,
    'dropset_other_backend_up route': 1,
    'dropset_other_backend_up denyfile.web': 0,
    'dropset_other_backend_pending_changes route': 12,
    'dropset_other_backend_refused_changes_total route': 13,
    'dropset_scrape_fresh detection': 1,
    'dropset_scrape_fresh kernel': 1,
    [`dropset_build_info 1.2.3 ${process.version} nftables`]: 1,
    'dropset_bans_total manual': 0,
    'dropset_bans_total sshd': 0,
  });
});

t.test('what happens', async (t) => {
  const { it, values } = metrics();
  const verdicts = [
    ban('192.0.2.1', 'sshd', monotonic() - 30),
    ban('192.0.2.2', 'manual'),
    ban('192.0.2.3', 'imported'),
    ban('192.0.2.4', 'sshd', monotonic()),
    { kind: 'unban', prefix: Prefix.parse('192.0.2.5') } as const,
  ];
  const change = { verb: 'add', prefix: Prefix.parse('192.0.2.1'), until: null } as const;
  const error = new DropsetError('kernel', 'no');
  it.enforced(verdicts, [{ change }, { change }, { change }, { change, error }, { change }]);
  const found = await values();
  t.match(found, {
    'dropset_bans_total sshd': 1,
    'dropset_bans_total manual': 1,
    'dropset_bans_total other': 1,
    dropset_unbans_total: 1,
    dropset_line_to_kernel_seconds_count: 1,
    'dropset_jail_dropped_packets_total sshd': 2,
    'dropset_jail_dropped_bytes_total other': 120,
    dropset_jail_drops_watched_elements: 3,
  });
  t.ok((found.dropset_line_to_kernel_seconds_sum as number) >= 0.03);
});

t.test('times the backend and the ledger, also where they fail', async (t) => {
  const { it, values } = metrics();
  const change = { verb: 'add', prefix: Prefix.parse('192.0.2.1'), until: null } as const;
  let isRefused = false;
  const sink = it.timed({
    capacity: 17,
    clear: async () => {},
    apply: async () => {
      if (isRefused) throw new Error('refused');
    },
  });
  t.equal(sink.capacity, 17);
  await sink.apply(new Batch([change, change], 0));
  isRefused = true;
  await t.rejects(sink.apply(new Batch([change], 0)), /refused/);
  t.equal(
    it.transaction(() => 5),
    5,
  );
  t.throws(
    () =>
      it.transaction(() => {
        throw new Error('full');
      }),
    /full/,
  );
  t.match(await values(), {
    dropset_batch_changes_count: 2,
    dropset_batch_changes_sum: 3,
    dropset_commit_seconds_count: 2,
    dropset_ledger_transaction_seconds_count: 2,
  });
});

t.test('many readers at a time are one', async (t) => {
  const { it, asked } = metrics();
  const texts = await Promise.all(Array.from({ length: 50 }, () => it.text()));
  t.same(asked, { reports: 1, counters: 1 });
  t.equal(new Set(texts).size, 1);
  const change = { verb: 'add', prefix: Prefix.parse('192.0.2.1'), until: null } as const;
  await it.timed({ capacity: 1, clear: async () => {}, apply: async () => {} }).apply(new Batch([change], 0));
  t.equal(await it.text(), texts[0], 'written once a second too');
  t.equal((await it.json()).length, parseExposition(texts[0] as string).size);
  t.same(asked, { reports: 1, counters: 1 });
});

t.test('a part that fails leaves the others', async (t) => {
  const { values } = metrics({
    counters: () => Promise.reject(new Error('there is no table')),
    bans: () => {
      throw new Error('the ledger is damaged');
    },
    reports: () => new Promise(() => {}),
  });
  const found = await values();
  t.match(found, {
    'dropset_scrape_fresh detection': 0,
    'dropset_scrape_fresh kernel': 0,
    'dropset_scrape_fresh ledger': 0,
    'dropset_scrape_fresh drops': 1,
    dropset_problems_total: 7,
  });
  for (const name of ['dropset_elements', 'dropset_dropped_packets_total', 'dropset_standing_bans']) {
    t.notOk(name in found, `${name}: what is not known is not said`);
  }
});

t.test('series stay few, however many jails there are, and follow them', async (t) => {
  const many = Array.from({ length: 1000 }, (_, index) => ({ name: `jail-${index}` }));
  let jails: readonly { name: string }[] = JAILS;
  const { it, values } = metrics({
    jails: () => jails,
    reports: async () => many.map(({ name }) => ({ ...REPORT, name, behind: null, siege: null })),
  });
  const change = { verb: 'add', prefix: Prefix.parse('192.0.2.1'), until: null } as const;
  for (let index = 0; index < 1000; index++) it.enforced([ban('192.0.2.1', `import-${index}`)], [{ change }]);
  jails = many;
  it.enforced([ban('192.0.2.2', 'jail-7')], [{ change }]);
  const found = await values();
  t.equal(found['dropset_lines_total jail-99'], 10);
  t.equal(found['dropset_lines_total other'], 9000);
  t.equal(found['dropset_bans_total other'], 1000);
  t.equal(found['dropset_bans_total jail-7'], 1);
  t.equal(Object.keys(found).filter((key) => key.startsWith('dropset_lines_total')).length, 101);
  t.notOk('dropset_source_behind_bytes jail-0' in found);
  t.notOk('dropset_sieges jail-0 jail' in found);
  t.ok(Object.keys(found).length < 2000);
});
