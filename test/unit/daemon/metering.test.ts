import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { listenFor, metricsOf } from '../../../src/daemon/metering.js';
import { Problems } from '../../../src/daemon/problems.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import { parseExposition } from '../../exposition.js';

const NOW = 1_700_000_000_000;

function metered(state: object = {}) {
  const clock = (): number => NOW;
  const ledger = Ledger.open(':memory:', { clock });
  const backend = new MemoryBackend({ clock });
  backend.state = () => state;
  const problems = new Problems();
  const said: string[] = [];
  const metrics = metricsOf({
    ...{ backend, ledger, problems, clock, jails: () => [{ name: 'sshd' }] },
    parts: () => ({
      writer: { counters: { pending: 1, batches: 2, written: 3, refused: 4 } },
      detection: { underway: 2, reports: async () => [] },
      audit: { last: NOW, differences: 5 },
      healing: { repaired: 6 },
      recovery: { isPending: true },
      hooks: { reports: [{ name: 'notify', calls: 7, failures: 8, queued: 9, dropped: 10 }] },
      secondaries: { standing: [{ name: 'route', isUp: true, pending: 0, refused: 0 }] },
    }),
  });
  const value = async (name: string) => parseExposition(await metrics.text()).get(name)?.series[0]?.value;
  const problem = (sentence: string): void => {
    said.push(sentence);
  };
  return { metrics, problems, events: { problem }, said, ledger, value };
}

t.test('each figure from its part', async (t) => {
  const { ledger, problems, value } = metered();
  const prefix = Prefix.parse('192.0.2.1');
  ledger.record([{ kind: 'ban', ban: { prefix, jail: 'sshd', reason: '', since: NOW, until: null } }]);
  for (let times = 0; times < 2; times++) problems.hear({ kind: 'problem', message: 'the same' }, NOW);
  t.equal(await value('dropset_standing_bans'), 1);
  t.equal(await value('dropset_problems_total'), 2, 'said twice');
  t.equal(await value('dropset_hook_waiting_events'), 9);
  t.equal(await value('dropset_writer_pending_changes'), 1);
  t.equal(await value('dropset_written_changes_total'), 3);
  t.equal(await value('dropset_refused_changes_total'), 4);
  t.equal(await value('dropset_detection_batches'), 2);
  t.equal(await value('dropset_last_audit_timestamp_seconds'), NOW / 1000);
  t.equal(await value('dropset_audit_differences_total'), 5);
  t.equal(await value('dropset_repaired_elements_total'), 6);
  t.equal(await value('dropset_ledger_recovering'), 1);
  t.equal(await value('dropset_other_backend_up'), 1);
  t.equal((await value('dropset_jail_drops_round_seconds')) !== undefined, true, 'all bans were looked at');
  t.equal(await value('dropset_table_owned'), undefined);
  t.equal(await value('dropset_kernel_memory_bytes'), undefined);
});

t.test('what only some backends have', async (t) => {
  t.equal(await metered({ table: { name: 'x', owned: true } }).value('dropset_table_owned'), 1);
  const xdp = metered({
    interfaces: [
      { name: 'eth0', mode: 'native' },
      { name: 'eth1', mode: 'native' },
    ],
    memory: 5e6,
  });
  const { series } = parseExposition(await xdp.metrics.text()).get('dropset_xdp_interfaces') ?? {};
  t.match(series, [
    { labels: { mode: 'native' }, value: 2 },
    { labels: { mode: 'generic' }, value: 0 },
  ]);
  t.equal(await xdp.value('dropset_kernel_memory_bytes'), 5e6);
});

t.test('on a port, where one is named', async (t) => {
  const { metrics, events, said } = metered();
  t.equal(await listenFor(undefined, metrics, events), undefined);
  const listener = await listenFor({ host: '127.0.0.1', port: 0 }, metrics, events);
  t.teardown(() => listener?.close());
  const answer = await fetch(`http://127.0.0.1:${listener?.port}/metrics`);
  t.ok(parseExposition(await answer.text()).has('dropset_build_info'));
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const second = await listenFor({ host: '127.0.0.1', port }, metrics, events);
  t.match(said, [/metrics cannot be read on 127\.0\.0\.1/]);
  await second?.close();
  other.close();
});
