import { appendFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Detection, type Timing } from '../../../src/daemon/detection.js';
import type { PositionNews } from '../../../src/detection/messages.js';
import type { JailReport } from '../../../src/model/jail-report.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { BanVerdict } from '../../../src/model/street.js';
import type { FilePosition } from '../../../src/sources/chunk.js';
import { jail } from '../../jail.js';
import { shortDirectory } from '../../service.js';

/** The thread that is shipped: the compiled one, for threads have no loader. */
const PROGRAM = pathToFileURL(resolve('dist/detection/worker.js'));

const REPORT: JailReport = {
  ...{
    name: 'a',
    filter: 'test',
    sources: [],
    lines: 5,
    behind: null,
    failures: 0,
    bans: 0,
    never: 0,
    outdated: 0,
    skewed: 0,
  },
  ...{ evicted: 0, unresolved: 0, invalid: 0, ignored: 0, overruns: 0, siege: null },
};

interface More {
  readonly program?: URL;
  readonly timing?: Partial<Timing>;
  readonly jails?: readonly JailConfig[];
  readonly positions?: readonly PositionNews[];
}

/** A detection, and everything that it says. */
function detection(t: Test, more: More = {}) {
  const log = join(t.testdir(), 'a.log');
  writeFileSync(log, '');
  const verdicts: BanVerdict[] = [];
  const reports: string[] = [];
  const positions: PositionNews[] = [];
  const held: (() => void)[] = [];
  const state = { holds: false, loses: false, counts: [] as string[] };
  const it = new Detection({
    jails: [jail('a', { maxretry: 1, sources: [{ kind: 'file', pattern: log, start: 'end' }] })],
    maxLine: 65_536,
    never: [Prefix.parse('203.0.113.0/24')],
    positions: [],
    counts: () => state.counts,
    enforce: async (found, { positions: news, counts }, onLost) => {
      verdicts.push(...found);
      positions.push(...news);
      if (counts) state.counts = counts.isWhole ? [counts.text] : [...state.counts, counts.text];
      if (state.loses) onLost();
      if (state.holds) await new Promise<void>((resolve) => held.push(resolve));
    },
    report: (sentence) => reports.push(sentence),
    program: PROGRAM,
    ...more,
  });
  t.teardown(() => it.stop());
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await holds())) await sleep(5);
  };
  return { log, detection: it, verdicts, reports, positions, state, held, until };
}

/** The program of a thread of the test's own; `port`, `workerData` and `say` are at hand. */
function program(t: Test, text: string): URL {
  const path = join(shortDirectory(t), 'program.mjs');
  const head =
    "import { parentPort as port, workerData } from 'node:worker_threads';\nconst say = (news) => port.postMessage(news);\n";
  writeFileSync(path, head + text);
  return pathToFileURL(path);
}

/** A thread that reports and stops as it should. */
const OBEDIENT = `
const jails = [${JSON.stringify(REPORT)}];
port.on('message', (order) => {
  if (order.kind === 'report') say({ kind: 'report', request: order.request, report: { jails } });
  if (order.kind === 'stop') port.close();
});
`;

const knock = (address: string): string => `${new Date().toISOString()} knock from ${address}\n`;

t.test('it has started when the logs are open; lines become verdicts', async (t) => {
  const { log, detection: it, verdicts, positions, until } = detection(t);
  await it.start();
  t.match(positions, [{ source: `file ${log}`, position: { path: log, offset: 0 } }], 'already read to its end');
  appendFileSync(log, knock('203.0.113.9') + knock('192.0.2.7'));
  await until(() => verdicts.length > 0);
  t.match(verdicts, [{ kind: 'ban', ban: { jail: 'a', until: null }, read: Number }]);
  t.notOk('read' in (verdicts[0]?.ban ?? {}));
  t.ok(verdicts[0]?.ban.prefix instanceof Prefix);
  t.equal(verdicts[0]?.ban.prefix.text, '192.0.2.7');
  await until(async () => (await it.reports())[0]?.lines === 2);
  t.match(await it.reports(), [{ name: 'a', sources: [log], lines: 2, failures: 1, bans: 1, never: 1 }]);
});

t.test('stopping takes no patience, leaves no listener and no thread', async (t) => {
  const { detection: it } = detection(t, { timing: { patience: 60_000 } });
  await it.start();
  const before = performance.now();
  await it.stop();
  t.ok(performance.now() - before < 30_000, 'far less than the patience');
  t.same(
    process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)),
    [],
  );
  await it.stop();
  t.same(await it.reports(), []);
});

t.test('verdicts that were reached are handed over before it has stopped', async (t) => {
  const { log, detection: it, verdicts, positions } = detection(t);
  await it.start();
  const addresses = Array.from({ length: 500 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
  const text = addresses.map(knock).join('');
  appendFileSync(log, text);
  while (verdicts.length === 0) await sleep(1);
  await it.stop();
  const last = positions.at(-1)?.position;
  const judged = last?.kind === 'file' ? text.slice(0, last.offset).split('\n').length - 1 : -1;
  t.equal(verdicts.length, judged, 'just those that the position has behind it');
});

t.test('no jails, no thread', async (t) => {
  const { detection: it } = detection(t, { jails: [], program: new URL('file:///nowhere.js') });
  await it.start();
  t.same(await it.reports(), []);
  await it.stop();
});

t.test('a batch is answered when it has been enforced, and not before', async (t) => {
  const text = `
port.on('message', (order) => {
  if (order.kind === 'enforced') say({ kind: 'sentence', sentence: 'arrived ' + order.batch });
  if (order.kind === 'stop') port.close();
});
say({ kind: 'ready' });
const bans = [{ address: '192.0.2.7', jail: 'a', reason: '', since: 1, until: 2 }];
say({ kind: 'verdicts', batch: 1, bans, positions: [] });
say({ kind: 'verdicts', batch: 2, bans, positions: [] });
`;
  const { detection: it, reports, held, state, until } = detection(t, { program: program(t, text) });
  state.holds = true;
  await it.start();
  await until(() => held.length === 2);
  t.equal(it.underway, 2);
  t.same(reports, []);
  held[1]?.();
  await until(() => it.underway === 1);
  await until(() => reports.length === 1);
  held[0]?.();
  await until(() => reports.length === 2);
  t.same(reports, ['arrived 2', 'arrived 1']);
});

t.test('a thread that dies is told of, and started again where it had read to', async (t) => {
  const text = `
const [known] = workerData.positions;
const offset = known ? known.position.offset + 1 : 0;
const position = { kind: 'file', path: '/a', device: '1', inode: '2', offset, hash: '', hashed: 0 };
say({ kind: 'progress', positions: [{ source: 'file /a', position }] });
say({ kind: 'ready' });
if (offset < 2) setTimeout(() => process.exit(1), 20);
${OBEDIENT}`;
  const {
    detection: it,
    reports,
    positions,
    until,
  } = detection(t, {
    program: program(t, text),
    timing: { restart: 20 },
  });
  await it.start();
  await until(() => positions.length === 3);
  t.same(
    positions.map(({ position }) => (position as FilePosition).offset),
    [0, 1, 2],
  );
  t.same(reports, [
    'detection has ended and is started again in 20ms',
    'detection has ended and is started again in 40ms',
  ]);
  await until(async () => (await it.reports()).length > 0);
});

t.test('a new thread counts on from what was written down, and is told what could not be', async (t) => {
  const text = `
say({ kind: 'progress', positions: [], counts: { text: JSON.stringify([...workerData.counts, 'x']), isWhole: true } });
say({ kind: 'ready' });
port.on('message', (order) => {
  if (order.kind === 'stop') port.close();
  if (order.kind === 'lost') setTimeout(() => process.exit(1), 20);
});
`;
  const { detection: it, state, until } = detection(t, { program: program(t, text), timing: { restart: 10 } });
  state.loses = true;
  await it.start();
  await until(() => (state.counts[0]?.length ?? 0) > 5);
  t.same(state.counts, ['["[\\"x\\"]","x"]']);
});

t.test('what it fails with is told; status knows the last word while it is away', async (t) => {
  const text = `
say({ kind: 'ready' });
${OBEDIENT}
port.on('message', (order) => {
  if (order.kind === 'enforced') throw new Error('no memory');
});
say({ kind: 'verdicts', batch: 1, bans: [], positions: [] });
`;
  const {
    detection: it,
    reports,
    held,
    state,
    until,
  } = detection(t, {
    program: program(t, text),
    timing: { restart: 3_600_000 },
  });
  state.holds = true;
  await it.start();
  t.same(await it.reports(), [REPORT]);
  await until(() => held.length > 0);
  held[0]?.();
  await until(() => reports.length > 1);
  t.same(reports, ['detection failed: no memory', 'detection has ended and is started again in 1m']);
  t.same(await it.reports(), [REPORT]);
  await it.stop();
  t.pass('it is not started again');
});

t.test('who asks while it dies is answered with the last word', async (t) => {
  const text = "say({ kind: 'ready' });\nport.on('message', () => process.exit(1));\n";
  const { detection: it } = detection(t, { program: program(t, text), timing: { restart: 3_600_000 } });
  await it.start();
  t.same(await it.reports(), []);
});

t.test('a thread that hangs is given up, and another one takes its place', async (t) => {
  const once = join(shortDirectory(t), 'once');
  const text = `
import { existsSync, writeFileSync } from 'node:fs';
say({ kind: 'ready' });
${OBEDIENT}
if (!existsSync(${JSON.stringify(once)})) {
  writeFileSync(${JSON.stringify(once)}, '');
  say({ kind: 'sentence', sentence: 'it hangs' });
  for (;;);
}
`;
  const {
    detection: it,
    reports,
    until,
  } = detection(t, {
    program: program(t, text),
    timing: { heartbeat: 500, restart: 10 },
  });
  await it.start();
  await until(() => reports.length > 0);
  t.same(await it.reports(), [], 'who asks meanwhile is answered');
  await until(async () => (await it.reports()).length > 0);
  t.same(reports, ['it hangs', 'detection hangs and is given up', 'detection has ended and is started again in 10ms']);
});

t.test('a thread that answers is left alone, and its deaths are forgiven', async (t) => {
  const text = `
let reports = 0;
say({ kind: 'ready' });
port.on('message', (order) => {
  if (order.kind === 'stop') port.close();
  if (order.kind !== 'report') return;
  say({ kind: 'report', request: order.request, report: { jails: [] } });
  if (++reports === 2) setTimeout(() => process.exit(1), 5);
});
`;
  const {
    detection: it,
    reports,
    until,
  } = detection(t, {
    program: program(t, text),
    timing: { heartbeat: 100, restart: 10 },
  });
  await it.start();
  await until(() => reports.length >= 2);
  t.same(new Set(reports), new Set(['detection has ended and is started again in 10ms']));
});

t.test('a thread that dies while it starts does not hold up the start', async (t) => {
  const { detection: it, reports } = detection(t, {
    program: program(t, 'process.exit(3);'),
    timing: { restart: 3_600_000 },
  });
  await it.start();
  t.same(reports, ['detection has ended and is started again in 1m']);
  const missing = detection(t, { program: new URL('file:///nowhere/worker.js'), timing: { restart: 3_600_000 } });
  await missing.detection.start();
  t.match(missing.reports, [/^detection failed: .*nowhere/, /has ended/]);
});

t.test('restarts wait longer each time, a minute at most', async (t) => {
  const {
    detection: it,
    reports,
    until,
  } = detection(t, {
    program: program(t, 'process.exit(3);'),
    timing: { restart: 1 },
  });
  await it.start();
  await until(() => reports.length >= 2);
  t.same(
    reports.slice(0, 2).map((sentence) => sentence.replace(/.* in /, '')),
    ['1ms', '2ms'],
  );
  const slow = detection(t, { program: program(t, 'process.exit(3);'), timing: { restart: 3_600_000 } });
  await slow.detection.start();
  t.match(slow.reports, [/in 1m$/]);
});

t.test('a thread that does not stop is ended after the patience', async (t) => {
  const text = "say({ kind: 'ready' });\nport.on('message', () => undefined);\nsetInterval(() => undefined, 1000);\n";
  const { detection: it, reports } = detection(t, { program: program(t, text), timing: { patience: 50 } });
  await it.start();
  await it.stop();
  t.same(reports, [], 'which is no news');
});

t.test('told to stop before the logs are open', async (t) => {
  const { detection: it, reports } = detection(t);
  const started = it.start();
  await it.stop();
  await started;
  t.same(reports, []);
});

t.test('other jails: made ready, then at work', async (t) => {
  const { log, detection: it, verdicts, until } = detection(t);
  await it.start();
  const source = { kind: 'file', pattern: log, start: 'end' } as const;
  const work = { jails: [jail('b', { maxretry: 1, sources: [source] })], never: [Prefix.parse('192.0.2.8')] };
  t.same(await it.prepare(work), []);
  t.match(await it.reports(), [{ name: 'a' }]);
  await it.replace();
  t.match(await it.reports(), [{ name: 'b' }]);
  appendFileSync(log, knock('192.0.2.8') + knock('192.0.2.7'));
  await until(() => verdicts.length > 0);
  t.match(verdicts, [{ ban: { jail: 'b', prefix: Prefix.parse('192.0.2.7') } }]);
  await it.replace();
  t.match(await it.reports(), [{ name: 'b' }], 'nothing was made ready');
});

t.test('the first jails start a thread', async (t) => {
  const { log, detection: it, verdicts, until } = detection(t, { jails: [] });
  await it.start();
  const source = { kind: 'file', pattern: log, start: 'end' } as const;
  t.same(await it.prepare({ jails: [jail('b', { maxretry: 1, sources: [source] })], never: [] }), []);
  await it.replace();
  appendFileSync(log, knock('192.0.2.7'));
  await until(() => verdicts.length > 0);
  t.match(verdicts, [{ ban: { jail: 'b' } }]);
});
