/** What may go wrong around a running service, one thing behind the other: no acknowledged ban is lost, and no line. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { BanResult } from '../../src/control/api.js';
import { Client } from '../../src/control/client.js';
import { Faulty } from '../faults/faulty.js';
import { enterNamespace } from '../namespace.js';

enterNamespace();
const service = new Faulty(t);
const { client } = service;
const AUDITED = 'audit = "1s"\n';
const JAIL = `[jail.sshd]\nlogpath = ["${service.log}"]\nmaxretry = 3\nfindtime = "1h"\nbantime = "2h"\n`;
const UNOWNED = '[backend]\nown = false\n';

const addressesOf = (net: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `10.${net}.${index >> 8}.${index & 255}`);
const without = (all: Iterable<string>, those: ReadonlySet<string>): string[] =>
  [...all].filter((one) => !those.has(one));
const ledger = (): Set<string> => new Set(service.ledger().map(({ address }) => address));
const bannedIn = (results: readonly BanResult[]): string[] =>
  results.filter(({ error }) => !error).map(({ address }) => address);

/** Who was told that a ban stands. */
const standing = new Set<string>();

async function ban(addresses: readonly string[], by = client): Promise<readonly BanResult[]> {
  const results = await by.ban({ addresses });
  for (const address of bannedIn(results)) standing.add(address);
  return results;
}

/** Nothing of what was acknowledged is lost, and kernel and ledger agree. */
function holds(t: Test): void {
  const [written, dropped] = [ledger(), service.kernel()];
  t.same(without(standing, dropped), [], 'the kernel drops what was acknowledged');
  t.same(without(written, dropped), [], 'and what the ledger has');
  t.same(without(dropped, written), [], 'and nothing else');
}

await service.start(AUDITED + JAIL);

t.test('ENOBUFS for a moment, before or behind the commit: nobody hears of it', async (t) => {
  for (const [net, point] of [
    [1, 'a batch is sent'],
    [2, 'an answer of the kernel is read'],
  ] as const) {
    service.arm({ point, action: 'ENOBUFS', times: 2 });
    t.equal(bannedIn(await ban(addressesOf(net, 500))).length, 500);
    holds(t);
  }
});

t.test('ENOBUFS for longer than the writer waits: it is told, and made good when it is over', async (t) => {
  service.arm({ point: 'a batch is sent', action: 'ENOBUFS', times: 1_000_000 });
  const results = await ban(addressesOf(3, 100));
  t.equal(results.filter(({ error }) => /ENOBUFS/.test(error?.message ?? '')).length, 100);
  service.disarm();
  await service.until('the kernel has them', () => without(addressesOf(3, 100), service.kernel()).length === 0);
  holds(t);
});

t.test('300 clients at once, beside others that send half a request, garbage, or never read', async (t) => {
  const sockets: Socket[] = [];
  const rude = (bytes: string | Buffer): void => {
    const socket = connect(service.socket, () => socket.write(bytes));
    socket.on('error', () => undefined);
    socket.pause();
    sockets.push(socket);
  };
  for (let index = 0; index < 10; index++) {
    rude('POST /v1/bans HTTP/1.1\r\nhost: x\r\n');
    rude('POST /v1/bans HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"addr');
    rude('GET /v1/bans HTTP/1.1\r\nhost: x\r\n\r\n');
  }
  rude(Buffer.alloc(10 * 1024 * 1024, 0xfe));
  const told = await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const addresses = Array.from({ length: 10 }, (_, last) => `10.${4 + (index >> 8)}.${index & 255}.${last}`);
      return bannedIn(await ban(addresses, new Client(service.socket))).length;
    }),
  );
  t.same(new Set(told), new Set([10]));
  holds(t);
  for (const socket of sockets) socket.destroy();
});

t.test('a second instance refuses to start, and the first is unharmed', async (t) => {
  const words = ['dist/cli/main.js', 'run', '--config', join(service.folder, 'dropset.toml')];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  t.equal(status, 1);
  t.match(stderr, /another dropset answers at/);
  await ban(addressesOf(6, 10));
  holds(t);
});

t.test('a log that is removed, replaced, truncated, or made a directory: each line is counted once', async (t) => {
  let last = 0;
  const more = async (): Promise<void> => {
    const address = `192.0.2.${++last}`;
    const line = `${new Date().toISOString()} host sshd[4711]: Failed password for root from ${address} port 40022 ssh2\n`;
    // Two that come together, and one behind them: a line that is lost or read twice would show in who is banned when.
    appendFileSync(service.log, line + line);
    await sleep(100);
    t.notOk(ledger().has(address), `${address} has failed twice`);
    appendFileSync(service.log, line);
    await service.until(`${address} is banned`, () => ledger().has(address));
  };
  await more();
  rmSync(service.log);
  await more();
  renameSync(service.log, `${service.log}.1`);
  await more();
  const next = join(service.folder, 'next');
  writeFileSync(next, '');
  renameSync(next, service.log);
  await more();
  writeFileSync(service.log, '');
  await more();
  rmSync(service.log);
  mkdirSync(service.log);
  await service.until('it is said', async () => /auth\.log/.test((await client.status()).problems.join()));
  await ban(addressesOf(7, 10));
  rmdirSync(service.log);
  await more();
  const jails = service.ledger().filter(({ jail }) => jail === 'sshd');
  t.equal(jails.length, last);
  t.ok(jails.every(({ times }) => times === 1));
});

t.test('SIGTERM under load: who was told stands, who was not hears why', async (t) => {
  let net = 100;
  const ends: string[] = [];
  const requests: string[][] = [];
  const load = Array.from({ length: 20 }, async () => {
    for (;;) {
      const addresses = addressesOf(net++, 300);
      requests.push(addresses);
      try {
        await ban(addresses, new Client(service.socket));
      } catch (thrown) {
        ends.push((thrown as Error).message);
        return;
      }
    }
  });
  await service.until('they are at work', () => requests.length > 40);
  t.equal(await service.end('SIGTERM'), 0);
  await Promise.all(load);
  t.equal(ends.length, 20);
  for (const end of new Set(ends)) t.match(end, /^no service answers at|^the service went away/);
  t.same(without(standing, service.kernel()), [], 'the kernel drops what was acknowledged');
  await service.start(JAIL + UNOWNED);
  holds(t);
  const written = ledger();
  for (const addresses of requests) {
    const there = addresses.filter((address) => written.has(address)).length;
    if (there !== 0 && there !== addresses.length) t.fail(`${there} of ${addresses.length}`);
  }
});

t.test('somebody flushes, or deletes, between the batches of one go', async (t) => {
  let net = 10;
  for (const words of [
    ['flush', 'set', 'inet', 'dropset', 'ban4'],
    ['delete', 'table', 'inet', 'dropset'],
    ['flush', 'ruleset'],
  ]) {
    // Of somebody who does this again and again within a moment, peace is waited for (daemon/backoff.ts).
    await sleep(1500);
    service.arm({ point: 'a batch is sent', nth: 2, action: 'stop' });
    const going = Array.from({ length: 4 }, () => ban(addressesOf(net++, 500)));
    await service.until('it has stopped', () => service.stopped());
    execFileSync('nft', words);
    process.kill(service.pid, 'SIGCONT');
    const all = await Promise.all(going);
    const errors = new Set(all.flat().flatMap(({ error }) => (error ? [error.message] : [])));
    t.same([...errors], [], `after nft ${words.join(' ')}`);
    t.same(
      all.map((results) => bannedIn(results).length),
      [500, 500, 500, 500],
    );
    await service.until('it is repaired', () => without(ledger(), service.kernel()).length === 0);
    holds(t);
  }
});

t.test('elements that are refused in the middle of a batch take nobody with them', async (t) => {
  await client.unbanAll();
  standing.clear();
  await service.end('SIGTERM');
  execFileSync('nft', ['flush', 'ruleset']);
  await service.start('[backend]\nsize = 1024\n');
  const results = (await Promise.all([30, 31, 32].map((net) => ban(addressesOf(net, 500))))).flat();
  t.equal(bannedIn(results).length, 1024);
  t.match(results.find(({ error }) => error)?.error, { message: /the set is full/ });
  t.equal(service.kernel().size, 1024);
  holds(t);
});
