import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve as absolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { loadConfig } from '../../../src/config/config.js';
import type { Listener } from '../../../src/daemon/events.js';
import { runDaemon } from '../../../src/daemon/run.js';
import { sentenceOf } from '../../../src/model/events.js';

const program = pathToFileURL(absolute('dist/detection/worker.js'));

t.test('reads anew at SIGHUP, also one that came before it was ready, and runs until SIGTERM', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-run-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const followed = join(folder, 'auth.log');
  writeFileSync(followed, '');
  const path = join(folder, 'dropset.toml');
  const write = (more: string): void =>
    writeFileSync(path, `[service]\nstate = "${folder}/state"\nsocket = "${folder}/s"\n${more}`);
  const jail = (name: string): string => `[jail.${name}]\nfilter = "sshd"\nlogpath = "${followed}"\n`;
  const said: string[] = [];
  const log: Listener = { hear: (event) => said.push(sentenceOf(event)) };
  const heard = async (what: RegExp): Promise<void> => {
    while (!said.some((sentence) => what.test(sentence))) await sleep(5);
    said.length = 0;
  };
  write('');
  const load = () => loadConfig(path);
  const before = process.listenerCount('SIGHUP');
  const running = runDaemon({ config: load(), load, dryRun: true, log, program });
  write(jail('sshd'));
  process.kill(process.pid, 'SIGHUP');
  await heard(/reloaded: jails added: sshd/);
  write(jail('other'));
  process.kill(process.pid, 'SIGHUP');
  await heard(/reloaded: jails added: other; jails removed; their bans stand until they end: sshd/);
  write('nonsense');
  process.kill(process.pid, 'SIGHUP');
  await heard(/not reloaded, and the one before stays/);
  process.kill(process.pid, 'SIGTERM');
  await running;
  t.match(said, [/SIGTERM: stopping/, /stopped/]);
  t.equal(process.listenerCount('SIGHUP'), before);
});
