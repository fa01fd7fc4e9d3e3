import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve as absolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { resolve } from '../../../src/config/resolve.js';
import { Client } from '../../../src/control/client.js';
import { Daemon } from '../../../src/daemon/daemon.js';
import type { Listener } from '../../../src/daemon/events.js';
import { levelOf, sentenceOf } from '../../../src/model/events.js';

/** The detection thread that is shipped: the compiled one, for threads have no loader. */
const program = pathToFileURL(absolute('dist/detection/worker.js'));

/** A configuration in a folder of its own, short enough for a socket. The kernel's part is in test/integration. */
function configured(t: Test, more = '') {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-daemon-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const log = join(folder, 'auth.log');
  writeFileSync(log, '');
  const text = `[service]
state = "${folder}/state"
socket = "${folder}/s"
[backend]
kind = "memory"
[jail.sshd]
logpath = "${log}"
${more}`;
  return { folder, log, config: resolve(parseSettings(text, 'dropset.toml')), client: new Client(join(folder, 's')) };
}

const said: string[] = [];
const log: Listener = { hear: (event) => said.push(`${levelOf(event)} ${sentenceOf(event)}`) };

t.test('starts, answers, keeps bans over a restart, and stops', async (t) => {
  const { config, client } = configured(t);
  const first = await Daemon.start({ config, dryRun: false, log, program });
  await client.ban({ addresses: ['192.0.2.7'], for: '1h' });
  t.match(await client.status(), {
    backend: 'memory',
    table: null,
    owned: null,
    bans: 1,
    elements: 1,
    lines: 0,
    problems: [],
  });
  await t.rejects(Daemon.start({ config, dryRun: false, log, program }), /another dropset answers/);
  await first.stop();
  await t.rejects(client.status(), { name: 'DropsetError' });
  const second = await Daemon.start({ config, dryRun: false, log, program });
  t.match(await client.status(), { bans: 1, elements: 1 });
  t.match(said.at(-1), /ready: memory, 1 jails, 1 bans restored/);
  await second.stop();
});

t.test('a dry run keeps nothing', async (t) => {
  const { config, client } = configured(t);
  for (let times = 0; times < 2; times++) {
    const daemon = await Daemon.start({ config, dryRun: true, log, program });
    t.match(await client.status(), { bans: 0 });
    await client.ban({ addresses: ['192.0.2.7'] });
    await daemon.stop();
  }
});

t.test('problems are shown, and only the newest fifty', async (t) => {
  const missing = Array.from({ length: 60 }, (_, index) => `"/nowhere/${index}.log"`);
  const { config, client } = configured(t, `[jail.missing]\nfilter = "sshd"\nlogpath = [${missing.join(', ')}]\n`);
  const daemon = await Daemon.start({ config, dryRun: true, log, program });
  const { problems } = await client.status();
  t.equal(problems.length, 50);
  t.match(problems.at(-1), /\/nowhere\/59\.log is missing/);
  await daemon.stop();
});

t.test('what cannot start leaves nothing behind', async (t) => {
  const { config, folder } = configured(t);
  writeFileSync(join(folder, 's'), 'no socket');
  await t.rejects(Daemon.start({ config, dryRun: false, log, program }), { name: 'DropsetError' });
  const daemon = await Daemon.start({ config: configured(t).config, dryRun: false, log, program });
  await daemon.stop();
});

t.test('a ledger that is none is set aside, and it starts', async (t) => {
  const { config, folder, client } = configured(t);
  mkdirSync(join(folder, 'state'));
  writeFileSync(join(folder, 'state', 'ledger.db'), 'this is no database, and has been none for a long time');
  const daemon = await Daemon.start({ config, dryRun: false, log, program });
  await client.ban({ addresses: ['192.0.2.7'] });
  t.match(await client.status(), { bans: 1, problems: [/ledger\.db was damaged: it is kept as .*corrupt-/] });
  await daemon.stop();
});

const knock = (address: string): string =>
  `${new Date().toISOString()} host sshd[1]: Failed password for root from ${address} port 1 ssh2\n`;

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(5);
};

t.test('what is logged from the moment that it is ready becomes bans', async (t) => {
  const { config, client, log: path } = configured(t);
  const daemon = await Daemon.start({ config, dryRun: false, log, program });
  appendFileSync(path, knock('192.0.2.7').repeat(5));
  await until(async () => (await client.status()).bans === 1);
  t.match(await client.status(), {
    lines: 5,
    failures: 5,
    elements: 1,
    jails: [{ name: 'sshd', sources: [path], lines: 5, failures: 5, bans: 1, skewed: 0, overruns: 0 }],
  });
  await daemon.stop();
});

t.test('what is logged while it is down is judged at the next start, once', async (t) => {
  const { config, client, log: path } = configured(t);
  const first = await Daemon.start({ config, dryRun: false, log, program });
  await first.stop();
  appendFileSync(path, knock('192.0.2.7').repeat(5));
  for (const lines of [5, 0]) {
    const daemon = await Daemon.start({ config, dryRun: false, log, program });
    // The lines are counted before the ban that they lead to is there.
    await until(async () => (await client.status()).lines === lines);
    await until(async () => (await client.status()).bans === 1);
    t.equal((await client.status()).lines, lines);
    await daemon.stop();
  }
});

t.test('the notes of a configuration are said once, as warnings, before it is ready', async (t) => {
  const { config } = configured(t);
  const notes = ['jail x is left out', 'mail is not sent'];
  const from = said.length;
  const daemon = await Daemon.start({ config: { ...config, notes }, dryRun: true, log, program });
  await daemon.stop();
  t.match(said.slice(from), ['warning jail x is left out', 'warning mail is not sent', /^info ready/, /^info stopped/]);
});

t.test('without the detection thread it answers, and says so', async (t) => {
  const { config, client } = configured(t);
  const daemon = await Daemon.start({ config, dryRun: true, log, program: new URL('file:///nowhere/worker.js') });
  await client.ban({ addresses: ['192.0.2.7'] });
  t.match(await client.status(), { bans: 1, jails: [], problems: [/detection failed: /, /started again in 1s/] });
  await daemon.stop();
});

t.test('starting and stopping leaves no listener', async (t) => {
  const { config } = configured(t);
  const count = (): number => ['SIGTERM', 'SIGINT', 'exit'].reduce((sum, name) => sum + process.listenerCount(name), 0);
  const before = count();
  const daemon = await Daemon.start({ config, dryRun: true, log, program });
  await daemon.stop();
  t.equal(count(), before);
});
