/** Bans of single ports, and jails that only observe: real packets, to the host and through it, of both families. */
import { writeFileSync } from 'node:fs';
import t from 'tap';
import {
  ATTACKER,
  ATTACKER6,
  CONTAINER,
  CONTAINER6,
  GUARD,
  GUARD6,
  Guarded,
  NEIGHBOUR,
  NEIGHBOUR6,
  PORT,
} from './guarded.js';

/** Another service of the same machines. */
const OTHER = 8080;

const guarded = new Guarded();
t.teardown(() => guarded.remove());
for (const port of [PORT, OTHER]) {
  for (const address of [GUARD, GUARD6]) await guarded.host.order('serve', { address, port });
  for (const address of [CONTAINER, CONTAINER6]) await guarded.container.order('serve', { address, port });
}

const jail = (more: string): string =>
  `[jail.sshd]\nlogpath = ["${guarded.log}"]\nmaxretry = 3\nbantime = "1h"\nprefix = { ipv6 = 128 }\n${more}\n`;
const PORTS = `port = ${PORT}`;
const BOTH = `${PORTS}\nprotocol = "tcp,udp"`;

await guarded.start('', [], jail(PORTS));

const FAMILIES = [
  { family: 'IPv4', attacker: ATTACKER, neighbour: NEIGHBOUR, host: GUARD, container: CONTAINER },
  { family: 'IPv6', attacker: ATTACKER6, neighbour: NEIGHBOUR6, host: GUARD6, container: CONTAINER6 },
] as const;

const reaches = async (kind: 'connect' | 'ping', from: string, to: string, port: number): Promise<boolean> =>
  (await guarded.outside.order(kind, { from, to, port })).ok;

/** TCP and UDP to the port, TCP and UDP to the other one. */
const reach = (from: string, to: string): Promise<boolean[]> =>
  Promise.all([
    reaches('connect', from, to, PORT),
    reaches('ping', from, to, PORT),
    reaches('connect', from, to, OTHER),
    reaches('ping', from, to, OTHER),
  ]);

const ALL = [true, true, true, true];

/** Whether a datagram that comes in three fragments, of which the first alone has ports, is answered. */
const reachesInParts = (from: string, to: string, port: number): boolean =>
  guarded.outside.run(
    process.execPath,
    '-e',
    `const udp = require('node:dgram').createSocket(process.argv[1].includes(':') ? 'udp6' : 'udp4');
     const say = (word) => { console.log(word); process.exit(); };
     udp.on('message', () => say('answered')).bind(0, process.argv[1], () => udp.send(Buffer.alloc(4000), +process.argv[3], process.argv[2]));
     setTimeout(() => say('dropped'), 500);`,
    from,
    to,
    String(port),
  ) === 'answered\n';

const ban = (address: string): { scope: string; packets: number | null } | undefined =>
  guarded.list().find((one) => one.address === address);

for (const { family, attacker, neighbour, host, container } of FAMILIES) {
  t.test(`${family}: a jail closes its port, and no other`, async (t) => {
    t.same(await reach(attacker, host), ALL);
    guarded.fail(attacker);
    await guarded.banned(attacker);
    t.equal(ban(attacker)?.scope, `tcp/${PORT}`);
    for (const to of [host, container]) {
      t.same(await reach(attacker, to), [false, true, true, true], to);
      t.same(await reach(neighbour, to), ALL, 'a clean neighbour is not affected');
    }
    t.match(guarded.dropset('why', attacker), new RegExp(`is banned from tcp/${PORT}`));
    guarded.dropset('unban', attacker);
    t.same(await reach(attacker, host), ALL);
  });

  t.test(`${family}: by hand, of several protocols, and a wider ban drops everything all the same`, async (t) => {
    guarded.dropset('ban', '--port', `1000-1010,${OTHER}`, '--protocol', 'tcp,udp', attacker);
    t.same(await reach(attacker, host), [true, true, false, false]);
    t.same(
      [PORT, OTHER].map((port) => reachesInParts(attacker, host, port)),
      [true, false],
      'in fragments',
    );
    const wide = family === 'IPv4' ? '198.51.100.64/26' : '2001:db8:1::60/123';
    guarded.dropset('ban', wide);
    t.same(await reach(attacker, host), [false, false, false, false]);
    t.same(await reach(neighbour, host), ALL);
    guarded.dropset('unban', wide);
    t.same(await reach(attacker, container), [true, true, false, false]);
    guarded.dropset('ban', '--observe', wide);
    t.same(await reach(attacker, host), [true, true, false, false], 'who observes it takes nothing away');
    guarded.dropset('unban', wide, attacker);
  });
}

t.test('what a trial observes is counted, and passes; one word has it dropped, without a gap', async (t) => {
  guarded.configure('', jail(`${BOTH}\nmode = "observe"`));
  guarded.dropset('reload');
  for (const { attacker } of FAMILIES) guarded.fail(attacker);
  for (const { attacker } of FAMILIES) await guarded.banned(attacker);
  const before = guarded.status();
  for (const { attacker, host, container } of FAMILIES) {
    for (const to of [host, container]) t.same(await reach(attacker, to), ALL, `${attacker} to ${to}`);
  }
  const scope = `observe tcp/${PORT} udp/${PORT}`;
  const after = guarded.status();
  t.equal(after.dropped.packets, before.dropped.packets, 'nothing was dropped');
  t.ok((after.observed?.packets ?? 0) >= (before.observed?.packets ?? 0) + 8, 'and all to the port was counted');
  const [of] = after.scopes.filter((one) => one.scope === scope);
  t.match(of, { observes: true, jails: ['sshd'] });
  t.match(guarded.dropset('status'), /observed {2}\d+ packets, \d+ bytes would have been dropped/);
  t.match(guarded.dropset('list'), /\[observed, not dropped: tcp\/2222 udp\/2222\] 3 failures/);

  // Somebody who sends all the time sees one moment from which on nothing passes, and none after it.
  guarded.configure('', jail(BOTH));
  const seen: boolean[] = [];
  let isOver = false;
  const sending = (async () => {
    while (!isOver) seen.push(await reaches('ping', ATTACKER, GUARD, PORT));
  })();
  t.match(guarded.dropset('reload'), /standing bans that got the port and mode of their jails: 2/);
  for (const { attacker, host, container } of FAMILIES) {
    for (const to of [host, container]) t.same(await reach(attacker, to), [false, false, true, true]);
  }
  isOver = true;
  await sending;
  t.ok(seen.includes(false));
  t.notOk(seen.slice(seen.indexOf(false)).includes(true), 'once dropped, dropped');
  t.equal(ban(ATTACKER)?.scope, `tcp/${PORT} udp/${PORT}`);
});

t.test('from one port to another, a packet that both close never passes', async (t) => {
  guarded.configure('', jail(`port = "${PORT},${OTHER}"\nprotocol = "tcp,udp"`));
  const seen: boolean[] = [];
  let isOver = false;
  const sending = (async () => {
    while (!isOver) seen.push(await reaches('ping', ATTACKER, GUARD, PORT));
  })();
  guarded.dropset('reload');
  isOver = true;
  await sending;
  t.notOk(seen.includes(true), `${seen.length} datagrams`);
  t.same(await reach(ATTACKER, GUARD), [false, false, false, false]);
});

t.test('a restart takes over what stands; what was configured meanwhile holds then', async (t) => {
  t.equal(await guarded.stop('SIGKILL'), 'SIGKILL');
  t.same(await reach(ATTACKER, GUARD), [false, false, false, false], 'nobody is there, and it is dropped');
  await guarded.start('', [], jail(PORTS));
  t.same(await reach(ATTACKER, GUARD), [false, true, true, true]);
  t.match(guarded.status(), { problems: [] });
  guarded.dropset('verify');
  guarded.dropset('unban', '--all');
  t.same(await reach(ATTACKER, GUARD), ALL);
});

t.test('with nobody there a ban of a port ends by itself', async (t) => {
  guarded.dropset('ban', '--port', String(PORT), '--for', '3s', ATTACKER);
  t.equal(await reaches('connect', ATTACKER, GUARD, PORT), false);
  t.equal(await guarded.stop('SIGKILL'), 'SIGKILL');
  await guarded.until('it has ended', () => reaches('connect', ATTACKER, GUARD, PORT));
  await guarded.start('', [], jail(PORTS));
});

t.test('of several jails the ports are joined, and the rest stands when one ends', async (t) => {
  guarded.dropset('ban', '--port', String(OTHER), ATTACKER);
  guarded.fail(ATTACKER);
  await guarded.until('both ban it', () => guarded.list().length === 2);
  t.same(await reach(ATTACKER, GUARD), [false, true, false, true]);
  guarded.dropset('ban', '--port', String(OTHER), '--for', '1s', ATTACKER);
  await guarded.until('one has ended', () => guarded.list().length === 1);
  await guarded.until('the other port is open', () => reaches('connect', ATTACKER, GUARD, OTHER));
  t.equal(await reaches('connect', ATTACKER, GUARD, PORT), false);
  guarded.dropset('unban', '--all');
});

t.test('a list keeps scopes: out, and in again', async (t) => {
  guarded.dropset('ban', '--port', '22,443', '--observe', ATTACKER);
  guarded.dropset('ban', '--protocol', 'udp', ATTACKER6);
  const scopes = (): string[] => guarded.list().map(({ address, scope }) => `${address} ${scope}`);
  const before = scopes();
  t.same(before, [`${ATTACKER} observe tcp/22,443`, `${ATTACKER6} udp/*`]);
  const file = `${guarded.folder}/list`;
  writeFileSync(file, guarded.dropset('export', '--format', 'csv'));
  guarded.dropset('unban', '--all');
  guarded.dropset('import', file);
  t.same(scopes(), before);
  t.throws(() => guarded.dropset('ban', '--port', 'shh', ATTACKER), /did you mean 'ssh'/);
});
