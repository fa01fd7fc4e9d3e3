import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Client } from '../../src/control/client.js';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR } from './guarded.js';

interface Told {
  readonly hook: string;
  readonly missed: number;
  readonly events: readonly { readonly event: string; readonly address: string; readonly jail: string }[];
}

const guarded = new Guarded();
t.teardown(() => guarded.remove());
const client = new Client(guarded.socket);
const at = (name: string): string => join(guarded.folder, name);

/** Appends what it is told to a file, and a mark while it runs. */
function program(name: string, more = ''): string {
  writeFileSync(
    at(name),
    `#!/bin/sh\necho + >>${at(name)}.runs\n${more}\ncat >>${at(name)}.told\necho - >>${at(name)}.runs\n`,
  );
  chmodSync(at(name), 0o755);
  return at(name);
}

/** Whole lines: the last may be on its way. */
const told = (name: string): Told[] => {
  const text = existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '';
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
};
const events = (name: string): string[] =>
  told(name).flatMap((one) => one.events.map(({ event, address, jail }) => `${event} ${address} ${jail}`));
const reportOf = async (name: string) => (await client.status()).hooks.find((hook) => hook.name === name);

/** Answers 503 at first, and then takes what comes: in the host's own network. */
const receiver = `
  const { appendFileSync } = require('node:fs');
  let count = 0;
  require('node:http').createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { body += part; }).on('end', () => {
      if (++count === 1) return response.writeHead(503, { 'retry-after': '0' }).end('not yet');
      appendFileSync('${at('posted.told')}', body);
      response.writeHead(204).end();
    });
  }).listen(8099, '127.0.0.1', () => console.log('listens'));`;
const server = guarded.host.start(process.execPath, ['-e', receiver]);
await new Promise((resolve) => server.stdout.once('data', resolve));

const hooks = `
[hook.notify]
program = "${program('notify')}"
events = ["ban", "unban", "end"]
jails = "sshd"
[hook.post]
url = "http://127.0.0.1:8099/"
`;

t.test('a ban, its end and its lifting are told, after the kernel drops the packets', async (t) => {
  await guarded.start(hooks);
  guarded.dropset('ban', NEIGHBOUR);
  guarded.fail(ATTACKER);
  await guarded.until('the program', () => events('notify.told').length > 0);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  guarded.dropset('unban', ATTACKER);
  await guarded.until('the lifting', () => events('notify.told').length > 1);
  t.same(events('notify.told'), [`ban ${ATTACKER} sshd`, `unban ${ATTACKER} null`], 'of its jail');
  await guarded.until('the webhook', () => events('posted.told').length > 1);
  t.same(events('posted.told'), [`ban ${NEIGHBOUR} manual`, `ban ${ATTACKER} sshd`], 'after a 503');
  t.match(await reportOf('post'), { calls: Number, failures: 1, dropped: 0, failing: null });
  t.match(
    guarded.dropset('status'),
    /^hook {6}notify \(program \/.*\/notify\): 2 calls, 0 failed tries; 0 events wait, 0 were/m,
  );
  t.match(guarded.dropset('metrics'), /^dropset_hook_calls_total\{hook="notify",result="ok"\} 2$/m);
});

t.test('10,000 bans at once: a hundred calls at most, one at a time, and every ban is told once', async (t) => {
  const many = program('many');
  guarded.configure(`${hooks}[hook.many]\nprogram = "${many}"\npause = "10ms"\nbatch = 500\n`);
  t.match(await client.reload(), { settings: ['hook.many'], restart: [] });
  const list = at('list');
  writeFileSync(list, Array.from({ length: 10_000 }, (_, n) => `10.9.${n >> 8}.${n & 255}\n`).join(''));
  guarded.host.run(
    'sh',
    '-c',
    `${process.execPath} dist/cli/main.js --socket ${guarded.socket} ban --for 1h - <${list}`,
  );
  await guarded.until('all are told', () => events('many.told').length >= 10_000);
  t.equal(new Set(events('many.told')).size, 10_000);
  const runs = readFileSync(at('many.runs'), 'utf8').split('\n').filter(Boolean);
  t.equal(runs.join(''), '+-'.repeat(runs.length / 2), 'never two at once');
  t.ok(runs.length / 2 <= 100, `${runs.length / 2} calls`);
  t.match(await reportOf('many'), { dropped: 0, failures: 0 });
  t.equal((await reportOf('notify'))?.calls, 2, 'none of them is of its jail');
});

t.test('a program that hangs, and one that fails, hold no ban up, and are said once', async (t) => {
  const [slow, bad] = [program('slow', 'sleep 600'), program('bad', 'echo "no room" >&2; exit 7')];
  const some = `[hook.slow]\nprogram = "${slow}"\ntimeout = "2s"\n[hook.bad]\nprogram = "${bad}"\npause = "10ms"\n`;
  const open = program('open');
  chmodSync(open, 0o777);
  guarded.configure(`${some}[hook.open]\nprogram = "${open}"\n`);
  guarded.said = '';
  await client.reload();
  const begun = performance.now();
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  t.ok(performance.now() - begun < 20_000);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  await guarded.until('they fail', async () => (await client.status()).hooks.every(({ failing }) => failing !== null));
  for (const n of [1, 2, 3]) {
    guarded.dropset('ban', `192.0.2.${n}`);
    await sleep(100);
  }
  await guarded.until('the slow one', async () => ((await reportOf('slow'))?.failures ?? 0) > 0);
  const { problems } = await client.status();
  for (const why of [
    /hook slow fails: \S+\/slow: took longer than 2000 ms/,
    /hook bad fails: .*exit code 7: no room/,
    /hook open fails: .*others than root/,
  ])
    t.equal(problems.filter((problem) => why.test(problem)).length, 1, String(why));
  t.equal(existsSync(`${open}.runs`), false, 'it was not run');
  t.ok(((await reportOf('bad'))?.dropped ?? 0) >= 2);
});

t.test('it stops within seconds, and leaves no process', async (t) => {
  const slow = at('slow');
  guarded.dropset('ban', '192.0.2.9');
  const begun = performance.now();
  t.equal(await guarded.stop('SIGTERM'), 0);
  t.ok(performance.now() - begun < 15_000);
  await sleep(100);
  t.throws(() => guarded.host.run('pgrep', '-f', slow), 'nothing is left');
  await guarded.start(`[hook.notify]\nprogram = "${at('notify')}"\n`, ['--dry-run']);
  guarded.dropset('ban', '192.0.2.10');
  await sleep(300);
  t.notOk(
    events('notify.told').some((event) => event.includes('192.0.2.10')),
    'a dry run runs none',
  );
});
