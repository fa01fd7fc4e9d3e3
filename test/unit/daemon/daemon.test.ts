import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { resolve } from '../../../src/config/resolve.js';
import { Client } from '../../../src/control/client.js';
import { Daemon, runDaemon } from '../../../src/daemon/daemon.js';

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
const log = (level: string, sentence: string): void => {
  said.push(`${level} ${sentence}`);
};

t.test('starts, answers, keeps bans over a restart, and stops', async (t) => {
  const { config, client } = configured(t);
  const first = await Daemon.start({ config, dryRun: false, log });
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
  await t.rejects(Daemon.start({ config, dryRun: false, log }), /another dropset answers/);
  await first.stop();
  await t.rejects(client.status(), { name: 'DropsetError' });
  const second = await Daemon.start({ config, dryRun: false, log });
  t.match(await client.status(), { bans: 1, elements: 1 });
  t.match(said.at(-1), /ready: memory, 1 jails, 1 bans restored/);
  await second.stop();
});

t.test('a dry run keeps nothing', async (t) => {
  const { config, client } = configured(t);
  for (let times = 0; times < 2; times++) {
    const daemon = await Daemon.start({ config, dryRun: true, log });
    t.match(await client.status(), { bans: 0 });
    await client.ban({ addresses: ['192.0.2.7'] });
    await daemon.stop();
  }
});

t.test('problems are shown, and only the newest fifty', async (t) => {
  const missing = Array.from({ length: 60 }, (_, index) => `"/nowhere/${index}.log"`);
  const { config, client } = configured(t, `[jail.missing]\nfilter = "sshd"\nlogpath = [${missing.join(', ')}]\n`);
  const daemon = await Daemon.start({ config, dryRun: true, log });
  const { problems } = await client.status();
  t.equal(problems.length, 50);
  t.match(problems.at(-1), /jail missing: \/nowhere\/59\.log is missing/);
  await daemon.stop();
});

t.test('what cannot start leaves nothing behind', async (t) => {
  const { config, folder } = configured(t, '[jail.x]\nfilter = "nonsense"\nlogpath = "/x"\n');
  await t.rejects(Daemon.start({ config, dryRun: false, log }), /nonsense/);
  writeFileSync(join(folder, 'state', 'ledger.db'), 'this is no database, and has been none for a long time');
  const good = configured(t).config;
  const broken = { ...good, service: { ...good.service, state: join(folder, 'state') } };
  await t.rejects(Daemon.start({ config: broken, dryRun: false, log }), /ledger/);
});

t.test('runs until a signal', async (t) => {
  const { config } = configured(t);
  const running = runDaemon({ config, dryRun: true, log });
  while (!said.at(-1)?.includes('ready')) await new Promise((resolve) => setTimeout(resolve, 5));
  process.kill(process.pid, 'SIGTERM');
  await running;
  t.match(said.slice(-2), [/SIGTERM: stopping/, /stopped/]);
});
