import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve as absolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { parseSettings } from '../../src/config/config.js';
import { resolve } from '../../src/config/resolve.js';
import { Client } from '../../src/control/client.js';
import { Daemon } from '../../src/daemon/daemon.js';
import { detach } from '../../src/daemon/detach.js';
import { ip } from '../interfaces.js';
import { enterNamespace, nftList } from '../namespace.js';

enterNamespace();

const program = pathToFileURL(absolute('dist/detection/worker.js'));
const folder = mkdtempSync(join(tmpdir(), 'dropset-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'deny.conf');
const client = new Client(join(folder, 's'));
const text = (web: string): string => `[service]
state = "${folder}/state"
socket = "${folder}/s"
backends = ["nftables", "route", "denyfile"]
[denyfile.web]
format = "plain"
path = "${file}"
interval = "100ms"
check = ["sh", "-c", "test ! -e ${folder}/stuck || sleep 3"]
[jail.web]
failregex = '''^denied <HOST>$'''
logpath = "${folder}/web.log"
datepattern = "{NONE}"
maxretry = 1
bantime = "1h"
${web}
`;
const config = (web: string) => resolve(parseSettings(text(web), 'dropset.toml'));

let web = 'backends = ["denyfile"]';
const start = (): Promise<Daemon> =>
  Daemon.start({
    config: config(web),
    dryRun: false,
    log: { hear: () => undefined },
    program,
    load: () => config(web),
  });

const inKernel = (address: string): boolean => nftList('table', 'inet', 'dropset').includes(address);
const isRouted = (address: string): boolean =>
  ip('route show table 213')
    .split('\n')
    .some((line) => line.startsWith(`blackhole ${address} `));
const isDenied = (address: string): boolean => readFileSync(file, 'utf8').split('\n').includes(address);
const where = (address: string): string =>
  [inKernel(address) && 'nftables', isRouted(address) && 'route', isDenied(address) && 'denyfile']
    .filter(Boolean)
    .join(' ');

async function becomes(address: string, expected: string): Promise<string> {
  for (let tries = 0; where(address) !== expected && tries < 200; tries++) await sleep(25);
  return where(address);
}

t.test('bans go to all backends, and those of a jail where it says', async (t) => {
  writeFileSync(join(folder, 'web.log'), '');
  const daemon = await start();
  await client.ban({ addresses: ['198.51.100.1'], for: '1h' });
  t.ok(inKernel('198.51.100.1'), 'the first has it when the command is answered');
  t.equal(await becomes('198.51.100.1', 'nftables route denyfile'), 'nftables route denyfile');
  appendFileSync(join(folder, 'web.log'), 'denied 198.51.100.2\n');
  t.equal(await becomes('198.51.100.2', 'denyfile'), 'denyfile');
  // One that people ban as well is everywhere, and is left where the jail has it when theirs ends.
  await client.ban({ addresses: ['198.51.100.2'], for: '2s' });
  t.equal(await becomes('198.51.100.2', 'nftables route denyfile'), 'nftables route denyfile');
  t.equal(await becomes('198.51.100.2', 'denyfile'), 'denyfile');
  const { backends, problems } = await client.status();
  t.same(
    backends.map(({ name, kind, failure, elements }) => [name, kind, failure, elements]),
    [
      ['nftables', 'nftables', null, 1],
      ['route', 'route', null, 1],
      ['denyfile.web', 'denyfile', null, 2],
    ],
  );
  t.same(problems, []);

  // Another share: what stands is written where it belongs now.
  web = 'backends = ["route", "denyfile"]';
  await daemon.reload();
  t.equal(await becomes('198.51.100.2', 'route denyfile'), 'route denyfile');
  web = 'backends = ["nftables"]';
  await daemon.reload();
  t.equal(await becomes('198.51.100.2', 'nftables'), 'nftables');

  // Somebody takes a route away.
  ip('route del 198.51.100.1 table 213');
  t.equal(await becomes('198.51.100.1', 'nftables route denyfile'), 'nftables route denyfile');
  await client.ban({ addresses: ['198.51.100.3'], for: '2s' });
  t.equal(await becomes('198.51.100.3', 'nftables route denyfile'), 'nftables route denyfile');
  t.equal(await becomes('198.51.100.3', ''), '', 'ends are everywhere');
  await daemon.stop();
  t.equal(where('198.51.100.1'), 'nftables route denyfile', 'bans stand');
});

t.test('after a start all is as the ledger has it; strays go', async (t) => {
  ip('route add blackhole 203.0.113.9 table 213 proto 213');
  writeFileSync(file, '203.0.113.9\n');
  const daemon = await start();
  t.equal(await becomes('203.0.113.9', ''), '');
  t.equal(await becomes('198.51.100.1', 'nftables route denyfile'), 'nftables route denyfile');
  await client.unbanAll();
  t.equal(await becomes('198.51.100.1', ''), '');
  await daemon.stop();
});

t.test('a file that is stuck keeps nobody waiting', async (t) => {
  const daemon = await start();
  await client.ban({ addresses: ['198.51.100.4'] });
  t.equal(await becomes('198.51.100.4', 'nftables route denyfile'), 'nftables route denyfile');
  writeFileSync(join(folder, 'stuck'), '');
  await client.ban({ addresses: ['198.51.100.5'] });
  await sleep(300);
  const began = performance.now();
  for (let index = 10; index < 30; index++) await client.ban({ addresses: [`198.51.100.${index}`] });
  const took = performance.now() - began;
  t.comment(`20 bans beside a check that hangs: ${Math.round(took)} ms`);
  t.ok(took < 10_000);
  t.ok(inKernel('198.51.100.29'));
  t.notOk(isDenied('198.51.100.29'));
  rmSync(join(folder, 'stuck'));
  await client.unbanAll();
  await daemon.stop();
  t.equal(where('198.51.100.29'), '');
});

t.test('detached: nothing is left, of any', async (t) => {
  const said = await detach(config(web));
  t.match(said, /blackhole routes of table 213.*deny.conf denies nobody/);
  t.same([nftList(), ip('route show table 213 proto 213'), readFileSync(file, 'utf8')], ['', '', '']);
  t.notMatch(ip('rule show'), /213/);
});
