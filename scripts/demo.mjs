// Two machines and a cable between them: on one runs dropset, on the other somebody tries passwords.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Lab } from './lab/lab.mjs';
import { picture } from './lab/picture.mjs';

const PORT = 22;
const FLOODED = 53;
const ATTACKER = '198.51.100.66';
const ATTACKER6 = '2001:db8:1::66';
const NEIGHBOUR = '198.51.100.7';
const HOST = '198.51.100.1';
const HOST6 = '2001:db8:1::1';

const paint = (code) => (text) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;
const [bold, red, green, dim] = [1, 31, 32, 2].map(paint);
const say = (text) => console.log(text);
const title = (text) => say(`\n${bold(text)}`);

const { values } = parseArgs({ options: { picture: { type: 'string' } } });

const folder = mkdtempSync(join(tmpdir(), 'dropset-demo-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const lab = new Lab();
const log = join(folder, 'auth.log');
const socket = join(folder, 'dropset.sock');

const CONFIG = `[service]
state = "${folder}/state"
socket = "${socket}"
[never]
addresses = ["${NEIGHBOUR}"]
[jail.sshd]
logpath = ["${log}"]
maxretry = 5
findtime = "10m"
bantime = "8s"
`;

title('Two machines, joined by a cable');
const outside = lab.machine('outside');
const host = lab.machine('host');
lab.cable(
  [outside, 'out0', [`${ATTACKER}/24`, `${NEIGHBOUR}/24`, `${ATTACKER6}/64`]],
  [host, 'in0', [`${HOST}/24`, `${HOST6}/64`]],
);
say(`  outside ${ATTACKER} and ${ATTACKER6} (the attacker), ${NEIGHBOUR} (a good neighbour)`);
say(`  host    ${HOST} and ${HOST6}, with something like sshd on port ${PORT}`);

writeFileSync(log, '');
writeFileSync(join(folder, 'dropset.toml'), CONFIG);
for (const address of [HOST, HOST6]) await host.order('serve', { address, port: PORT, log });

let bannedAt;
title('dropset starts on the host');
say(dim(CONFIG.replace(/^/gm, '  ').trimEnd()));
const service = host.startDropset(['--config', join(folder, 'dropset.toml')]);
await new Promise((ready, failed) => {
  service.once('exit', () => failed(new Error('the service did not start')));
  service.stderr.on('data', (text) => {
    if (String(text).includes(`banned ${ATTACKER} `)) bannedAt ??= Date.now();
    process.stdout.write(String(text).replace(/^(?=.)/gm, dim('  dropset: ')));
    if (String(text).includes('ready')) ready();
  });
});

const attempt = async (from, to) => {
  const { ok } = await outside.order('connect', { from, to, port: PORT, timeout: 400 });
  say(`  ${from} -> ${to}: ${ok ? green('answered') : red('no answer')}`);
  return ok;
};
const listed = () => JSON.parse(host.dropset('--socket', socket, 'list', '--json'));
const counted = () =>
  listed().map(({ address, packets, bytes }) => `  ${address}: ${packets} packets, ${bytes} bytes dropped`);
const expect = (holds, what) => {
  if (!holds) throw new Error(`this should not happen: ${what}`);
};

const flooding = [ATTACKER, NEIGHBOUR];
await host.order('drain', { address: HOST, port: FLOODED });
for (const from of flooding) await outside.order('pour', { name: from, from, to: HOST, port: FLOODED });
await sleep(1000);

title('The attacker tries passwords, and sends some thousand datagrams a second besides');
for (let tries = 0; tries < 5; tries++) expect(await attempt(ATTACKER, HOST), 'the first attempts are answered');
for (let tries = 0; tries < 5; tries++) expect(await attempt(ATTACKER6, HOST6), 'the first attempts are answered');
await sleep(50);
say('  The line that tipped it:');
say(
  dim(
    `  ${readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line.includes(ATTACKER))
      .at(-1)}`,
  ),
);

title('The kernel drops what comes from there, before anything else sees it');
expect(!(await attempt(ATTACKER, HOST)), 'the banned attacker is answered');
expect(!(await attempt(ATTACKER6, HOST6)), 'the banned attacker is answered');
expect(await attempt(NEIGHBOUR, HOST), 'the neighbour is not answered');
say(
  host
    .dropset('--socket', socket, 'list')
    .replace(/^(?=.)/gm, '  ')
    .trimEnd(),
);

title('The flood goes on, and the counters rise');
for (let second = 0; second < 2; second++) {
  await sleep(1000);
  say(counted().join('\n'));
}
say(dim(host.run('nft', 'list', 'chain', 'inet', 'dropset', 'prerouting').replace(/^/gm, '  ').trimEnd()));

title('The ban ends by itself, in the kernel');
const ban = listed().find(({ address }) => address === ATTACKER);
const last = Math.max(...listed().map(({ until }) => Date.parse(until)));
while (Date.now() < last + 200) await sleep(100);
expect(await attempt(ATTACKER, HOST), 'the ban has ended');
expect(await attempt(ATTACKER6, HOST6), 'the ban has ended');

await sleep(1000);
const arrivals = {};
for (const from of flooding) {
  const { sent } = await outside.order('stop', { name: from });
  arrivals[from] = { sent, ...(await host.order('drained', { from })) };
  say(`  of ${sent} datagrams of ${from}, ${arrivals[from].count} arrived`);
}
expect(arrivals[ATTACKER].count < arrivals[NEIGHBOUR].count / 2, "most of the attacker's datagrams arrive");
if (values.picture)
  writeFileSync(
    values.picture,
    picture({
      ...{ attacker: arrivals[ATTACKER], neighbour: arrivals[NEIGHBOUR] },
      ...{ since: bannedAt, until: Date.parse(ban.until) },
    }),
  );

title('And what the service has to say');
say(
  host
    .dropset('--socket', socket, 'status')
    .replace(/^(?=.)/gm, '  ')
    .trimEnd(),
);
service.removeAllListeners('exit');
service.kill('SIGTERM');
await new Promise((resolve) => service.once('exit', resolve));
lab.remove();
process.exit(0);
