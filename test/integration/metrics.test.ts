import { readFileSync } from 'node:fs';
import t from 'tap';
import { type Family, parseExposition } from '../exposition.js';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR, PORT } from './guarded.js';

const PORT_OF_METRICS = 9817;

const guarded = await Guarded.for(t, `[metrics]\nlisten = "127.0.0.1:${PORT_OF_METRICS}"\n`);

/** By HTTP, on the loopback of the machine that is guarded. */
const scraped = (): string =>
  guarded.host.run('curl', '-sS', '--fail', '--max-time', '20', `http://127.0.0.1:${PORT_OF_METRICS}/metrics`);

const read = (): ReadonlyMap<string, Family> => parseExposition(guarded.dropset('metrics'));

const value = (families: ReadonlyMap<string, Family>, name: string, labels: Readonly<Record<string, string>> = {}) => {
  const family = name.replace(/_(?:count|sum)$/, '');
  const wanted = JSON.stringify(labels);
  const all = (families.get(name) ?? families.get(family))?.series ?? [];
  return all.find((one) => one.name === name && JSON.stringify(one.labels) === wanted)?.value;
};

const jail = { jail: 'sshd' };

t.test('what is exported is what is described', async (t) => {
  const described = new Map(
    [...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(\w+)`(?: \{([\w, ]+)\})? \| (\w+) \|/gm)].map(
      ([, name, labels = '', type]) => [name, { type, labels: labels.split(', ').filter(Boolean).sort() }],
    ),
  );
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  const families = parseExposition(scraped());
  t.same([...described.keys()].sort(), [...families.keys()].sort());
  for (const { name, type, series } of families.values()) {
    const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].filter((label) => label !== 'le');
    t.equal(described.get(name)?.type, type, name);
    if (series.length > 0) t.same(described.get(name)?.labels, labels.sort(), name);
  }
  guarded.dropset('unban', '--all');
});

t.test('a ban and its packets are in the figures, and no address is', async (t) => {
  const before = read();
  guarded.fail(ATTACKER, 3);
  guarded.fail(NEIGHBOUR, 1);
  await guarded.banned(ATTACKER);
  guarded.dropset('ban', '192.0.2.7', '--for', '1h');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  await guarded.until('the drops are told', () => (value(read(), 'dropset_jail_dropped_packets_total', jail) ?? 0) > 0);
  // Bans are counted again only after some multiple of what it took the last time: on a busy machine that is a while.
  await guarded.until('both are counted', () => value(read(), 'dropset_standing_bans') === 2);
  const text = scraped();
  const after = parseExposition(text);
  const rise = (name: string, labels = {}) => (value(after, name, labels) ?? 0) - (value(before, name, labels) ?? 0);
  t.equal(rise('dropset_lines_total', jail), 4);
  t.equal(rise('dropset_failures_total', jail), 4);
  t.equal(rise('dropset_bans_total', jail), 1);
  t.equal(rise('dropset_bans_total', { jail: 'manual' }), 1);
  t.equal(value(after, 'dropset_standing_bans'), 2);
  t.equal(value(after, 'dropset_elements'), 2);
  t.equal(value(after, 'dropset_source_behind_bytes', jail), 0);
  const [ban] = guarded.list().filter(({ address }) => address === ATTACKER);
  t.ok(rise('dropset_dropped_packets_total') > 0);
  t.equal(rise('dropset_jail_dropped_packets_total', jail), ban?.packets, "the jail's packets are those of its ban");
  t.equal(rise('dropset_jail_dropped_bytes_total', jail), ban?.bytes);
  t.equal(value(after, 'dropset_jail_dropped_packets_total', { jail: 'manual' }), 0);
  t.equal(rise('dropset_line_to_kernel_seconds_count'), 1, 'the ban by hand had no line');
  const latency = rise('dropset_line_to_kernel_seconds_sum');
  t.ok(latency > 0 && latency < 30, `from the line to the kernel in ${latency} s`);
  t.ok(rise('dropset_commit_seconds_count') >= 2);
  t.equal(rise('dropset_batch_changes_sum'), 2);
  t.ok(rise('dropset_ledger_transaction_seconds_count') >= 2);
  t.equal(value(after, 'dropset_table_owned'), 1);
  t.equal(value(after, 'dropset_problems_total'), 0);
  for (const part of ['detection', 'kernel', 'ledger', 'drops']) {
    t.equal(value(after, 'dropset_scrape_fresh', { part }), 1, part);
  }
  t.notMatch(text, /198\.51|192\.0\.2/, 'no address');
  t.equal(value(after, 'dropset_xdp_interfaces'), undefined);
});

t.test('as JSON', async (t) => {
  const families = JSON.parse(guarded.dropset('metrics', '--json'));
  t.same(
    families.map(({ name }: { name: string }) => name),
    [...read().keys()],
  );
  const bans = families.find(({ name }: { name: string }) => name === 'dropset_bans_total');
  t.match(bans, { type: 'counter', values: [{ labels: { jail: 'manual' }, value: 1 }] });
});

t.test('a restart begins the counts of jails anew, and not with the packets of before', async (t) => {
  await guarded.stop();
  await guarded.start(`[metrics]\nlisten = "127.0.0.1:${PORT_OF_METRICS}"\n`);
  await guarded.until('all was looked at', () => (value(read(), 'dropset_jail_drops_watched_elements') ?? 0) > 0);
  t.equal(value(read(), 'dropset_jail_dropped_packets_total', jail) ?? 0, 0);
  t.ok((value(read(), 'dropset_dropped_packets_total') ?? 0) > 0, 'the table counts on');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  await guarded.until('new drops', () => (value(read(), 'dropset_jail_dropped_packets_total', jail) ?? 0) > 0);
});

t.test('only the loopback of the machine itself answers', async (t) => {
  guarded.dropset('unban', '--all');
  t.match(await guarded.outside.order('connect', { from: NEIGHBOUR, to: GUARD, port: PORT }), { ok: true });
  t.match(await guarded.outside.order('connect', { from: NEIGHBOUR, to: GUARD, port: PORT_OF_METRICS }), { ok: false });
});
