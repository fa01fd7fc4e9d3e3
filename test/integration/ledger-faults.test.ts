import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve as absolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { parseSettings } from '../../src/config/config.js';
import { resolve } from '../../src/config/resolve.js';
import { Client } from '../../src/control/client.js';
import { Daemon } from '../../src/daemon/daemon.js';
import { DAMAGES } from '../damage.js';
import { enterNamespace, nftList } from '../namespace.js';
import { shortDirectory } from '../service.js';

enterNamespace({ bpf: true });

/** The service on the real kernel, with its ledger on a small file system of its own. */
function service(t: Test) {
  const folder = shortDirectory(t);
  const state = join(folder, 'state');
  const path = join(state, 'ledger.db');
  mkdirSync(state);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', state]);
  const text = `[service]\nstate = "${state}"\nsocket = "${folder}/s"\n[backend]\nsize = 20000\n`;
  const config = resolve(parseSettings(text, 'dropset.toml'));
  const client = new Client(join(folder, 's'));
  const running: { daemon?: Daemon | undefined } = {};
  const start = async (): Promise<void> => {
    running.daemon = await Daemon.start({
      config,
      dryRun: false,
      log: { hear: () => undefined },
      program: pathToFileURL(absolute('dist/detection/worker.js')),
    });
  };
  const stop = async (): Promise<void> => {
    await running.daemon?.stop();
    running.daemon = undefined;
  };
  t.teardown(async () => {
    await stop();
    execFileSync('umount', ['-l', state]);
    execFileSync('nft', ['flush', 'ruleset']);
  });
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    const end = performance.now() + 60_000;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`not within a minute: ${what}`);
      await sleep(50);
    }
  };
  const ban = async (from: number, count: number, reason = ''): Promise<void> => {
    const addresses = Array.from({ length: count }, (_, index) => address(from + index));
    const results = await client.ban({ addresses, for: '1h', reason });
    t.notOk(results.some(({ error }) => error));
  };
  const problems = async (): Promise<string> => (await client.status()).problems.join('\n');
  return { folder, state, path, client, start, stop, until, ban, problems };
}

const address = (index: number): string => `10.9.${index >> 8}.${index & 255}`;

/** Addresses that stand in the file, as another program reads it. */
function inFile(path: string): string[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare('SELECT address FROM ban ORDER BY address').pluck().all() as string[];
  } finally {
    database.close();
  }
}

/** Addresses that the kernel drops, as nft sees them. */
const inKernel = (): number => (nftList('set', 'inet', 'dropset', 'ban4').match(/10\.9\.\d+\.\d+/g) ?? []).length;

t.test(
  'a full disk: the dropping goes on, it is said, and what had to wait is written when there is room',
  async (t) => {
    const { state, path, client, start, stop, until, ban, problems } = service(t);
    await start();
    await ban(0, 100);
    const filler = join(state, 'filler');
    t.throws(() => writeFileSync(filler, Buffer.alloc(8_000_000)), { code: 'ENOSPC' });
    await ban(100, 3_000, 'x'.repeat(400));
    await client.unban([address(0)]);
    await client.ban({ addresses: ['10.9.200.1'], for: '1h' });
    t.equal(inKernel(), 3_100);
    t.match(await problems(), /writing the ledger .*: 3000 changes reach the kernel, but not the ledger/);
    t.equal(inFile(path).length, 100);
    rmSync(filler);
    await until('the ledger has it all', () => inFile(path).length === 3_100);
    t.notOk(inFile(path).includes(address(0)), 'also what was lifted');
    await ban(5_000, 1);
    t.equal(inFile(path).length, 3_101, 'and what comes is written at once again');
    await stop();
    await start();
    t.match(await client.status(), { bans: 3_101, elements: 3_101, problems: [] });
  },
);

t.test(
  'a full disk and then kill -9: what only the kernel knows is taken into the ledger, and dropped on',
  async (t) => {
    const { folder, state, path, client, start, stop, until, ban, problems } = service(t);
    const file = join(folder, 'dropset.toml');
    writeFileSync(file, `[service]\nstate = "${state}"\nsocket = "${folder}/s"\n[backend]\nsize = 20000\n`);
    const life = spawn(process.execPath, [absolute('dist/cli/main.js'), 'run', '--config', file], { stdio: 'ignore' });
    t.teardown(() => life.kill('SIGKILL'));
    await until('the socket answers', () =>
      client
        .status()
        .then(() => true)
        .catch(() => false),
    );
    await ban(0, 100);
    t.ok(existsSync(join(state, 'whole')));
    const filler = join(state, 'filler');
    t.throws(() => writeFileSync(filler, Buffer.alloc(8_000_000)), { code: 'ENOSPC' });
    await ban(100, 3_000, 'x'.repeat(400));
    t.same([inFile(path).length, inKernel()], [100, 3_100]);
    const ended = once(life, 'exit');
    life.kill('SIGKILL');
    await ended;
    rmSync(filler);
    await start();
    await until('the ledger has them', () => inFile(path).length === 3_100);
    for await (const { done, differed } of client.verify()) if (done) t.equal(differed, 0);
    t.equal(inKernel(), 3_100);
    const jails = new Map<string, number>();
    for await (const { jail } of client.bans()) jails.set(jail, (jails.get(jail) ?? 0) + 1);
    t.strictSame([...jails].sort(), [
      ['manual', 100],
      ['restored', 3_000],
    ]);
    t.equal(await problems(), '');
    await until('it is known that the ledger is whole', () => existsSync(join(state, 'whole')));
    await stop();
  },
);

t.test('a read-only file system: bans are known, new ones drop, and all is written when it can be', async (t) => {
  const { state, path, client, start, stop, until, ban, problems } = service(t);
  await start();
  await ban(0, 10);
  await stop();
  execFileSync('mount', ['-o', 'remount,ro', state]);
  await start();
  t.match(await problems(), /cannot be used \(.*\): until it can, bans are in memory and in the kernel alone/);
  t.equal((await client.status()).bans, 10, 'as the file says');
  await ban(10, 5);
  await client.unban([address(0)]);
  t.equal(inKernel(), 14);
  execFileSync('mount', ['-o', 'remount,rw', state]);
  const expected = Array.from({ length: 14 }, (_, index) => address(index + 1)).sort();
  await until('the file has what happened', () => String(inFile(path)) === String(expected));
  await ban(20, 1);
  t.equal(inFile(path).length, 15);
});

t.test('a ledger that somebody else holds: bans drop, and are written when it is let go', async (t) => {
  const { path, start, until, ban, problems } = service(t);
  await start();
  const other = new Database(path);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  await ban(0, 3);
  const before = performance.now();
  for (let index = 3; index < 10; index++) await ban(index, 1);
  t.ok(performance.now() - before < 5_000, 'it is not waited for at each of them');
  t.equal(inKernel(), 10);
  t.match(await problems(), /database is locked: 3 changes reach the kernel/);
  other.exec('ROLLBACK');
  await until('the ledger has them', () => inFile(path).length === 10);
});

for (const [damage, inflict] of Object.entries(DAMAGES)) {
  t.test(
    `a damaged ledger (${damage}): it starts, nobody gets through, and the kernel's bans are on record again`,
    async (t) => {
      const { state, path, client, start, stop, until, ban, problems } = service(t);
      await start();
      await ban(0, 3_000);
      await client.ban({ addresses: ['2001:db8:bad::/48'] });
      await stop();
      inflict(path);
      await start();
      t.equal(inKernel(), 3_000);
      await until('the damage is found', async () => /was damaged: it is kept as/.test(await problems()));
      await until('the ledger knows them', async () => (await client.status()).bans === 3_001);
      t.equal(inKernel(), 3_000);
      t.equal(readdirSync(state).filter((name) => /^ledger\.db\.corrupt-\w+$/.test(name)).length, 1);
      const [one] = (await client.why(address(7))).bans;
      t.match(one?.jail, /^(?:restored|manual)$/);
      const left = Date.parse(String(one?.until)) - Date.now();
      t.ok(left > 3_300_000 && left <= 3_600_000, 'with the time that is left');
      t.match((await client.why('2001:db8:bad::1')).bans, [{ address: '2001:db8:bad::/48', until: null }]);
      await ban(4_000, 1);
      t.equal(inFile(path).length, 3_002);
      await stop();
      await start();
      t.match(await client.status(), { bans: 3_002, elements: 3_002, problems: [] });
    },
  );
}
