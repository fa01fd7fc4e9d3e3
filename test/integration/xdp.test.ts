import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import {
  ATTACKER,
  ATTACKER6,
  CONTAINER,
  CONTAINER6,
  GUARD,
  GUARD6,
  type Guarded,
  NEIGHBOUR,
  NEIGHBOUR6,
  PORT,
} from './guarded.js';
import { backend, enterHost, guardedBy, PINS } from './xdp-guarded.js';

enterHost();
const NEVER = `[never]\naddresses = ["${NEIGHBOUR}", "${NEIGHBOUR6}"]\n`;
const guarded: Guarded = await guardedBy(t, backend('mode = "native"\n') + NEVER);

const FAMILIES = [
  {
    family: 'IPv4',
    attacker: ATTACKER,
    neighbour: NEIGHBOUR,
    host: GUARD,
    container: CONTAINER,
    wide: '198.51.100.64/26',
  },
  {
    family: 'IPv6',
    attacker: ATTACKER6,
    neighbour: NEIGHBOUR6,
    host: GUARD6,
    container: CONTAINER6,
    wide: '2001:db8:1::60/124',
  },
];

for (const mode of ['native', 'generic'] as const) {
  for (const { family, attacker, neighbour, host, container, wide } of FAMILIES.slice(0, mode === 'native' ? 2 : 1)) {
    const reach = async (from: string): Promise<boolean[]> => [
      await guarded.connect(from, host),
      await guarded.ping(from, host),
      await guarded.connect(from, container),
      await guarded.ping(from, container),
    ];

    t.test(`${mode}, ${family}: a line of the log drops the attacker, to the host and to the container`, async (t) => {
      t.match(guarded.status(), { backend: 'xdp', interfaces: [{ name: 'in0', mode }], problems: [] });
      t.same(await reach(attacker), [true, true, true, true]);
      for (const to of [host, container]) {
        t.match(await guarded.outside.order('open', { name: to, from: attacker, to, port: PORT }), { ok: true });
        t.match(await guarded.outside.order('talk', { name: to }), { ok: true });
      }
      guarded.fail(attacker);
      await guarded.banned(attacker);
      t.same(await reach(attacker), [false, false, false, false]);
      for (const to of [host, container])
        t.match(await guarded.outside.order('talk', { name: to }), { ok: false }, `the open connection to ${to} stops`);
      t.same(await reach(neighbour), [true, true, true, true], 'a clean neighbour is not affected');
      const [ban] = guarded.list();
      t.match(ban, { address: attacker, jail: 'sshd', reason: /3 failures/ });
      t.ok((ban?.packets ?? 0) >= 6 && (ban?.bytes ?? 0) > 6 * 40, 'and counted');
      guarded.dropset('unban', attacker);
      t.same(await reach(attacker), [true, true, true, true], 'lifted at once');
    });

    t.test(`${mode}, ${family}: a prefix, until it ends by itself`, async (t) => {
      // The command itself takes a good part of a second.
      guarded.dropset('ban', wide, '--for', '3s');
      t.notOk(await guarded.ping(attacker, host));
      t.ok(await guarded.ping(neighbour, host));
      await sleep(3000);
      t.ok(await guarded.ping(attacker, host));
    });
  }

  if (mode === 'native') {
    t.test('detach refuses while the service runs, and then takes all away', async (t) => {
      guarded.dropset('ban', ATTACKER, ATTACKER6);
      const config = `${guarded.folder}/dropset.toml`;
      t.throws(() => guarded.dropset('detach', '--config', config), /another dropset answers/);
      t.notOk(await guarded.ping(ATTACKER, GUARD));
      t.equal(await guarded.stop(), 0);
      t.notOk(await guarded.ping(ATTACKER, GUARD), 'stopped, it goes on');
      t.match(
        guarded.dropset('detach', '--config', config),
        /^detached from 1 interface, and removed what was pinned in/,
      );
      t.notOk(existsSync(PINS));
      t.ok(await guarded.ping(ATTACKER, GUARD));
      t.ok(await guarded.ping(ATTACKER6, GUARD6));
      t.match(guarded.dropset('detach', '--config', config), /^nothing was pinned/);
      await guarded.start(backend('mode = "generic"\n') + NEVER);
      t.notOk(await guarded.ping(ATTACKER, GUARD), 'the ledger kept them');
      guarded.dropset('unban', '--all');
    });
  }
}

t.test('status, and the doctor, know the program for our own', async (t) => {
  t.match(guarded.dropset('status'), /backend {3}xdp, on in0 \(generic\); \d+ MB of kernel memory/);
  const { interfaces } = JSON.parse(guarded.dropset('doctor', 'in0', '--json'));
  t.notMatch(JSON.stringify(interfaces), /must go first/);
});

t.test('spare_replies = "tcp": the host goes on with its own TCP connections, the banned opens none', async (t) => {
  await guarded.outside.order('serve', { address: ATTACKER, port: PORT });
  for (const [value, passes] of [
    ['true', false],
    ['"tcp"', true],
  ] as const) {
    await guarded.stop();
    await guarded.start(backend(`spare_replies = ${value}\n`));
    t.equal(guarded.status().replies, passes ? 'tcp' : 'dropped');
    guarded.dropset('ban', ATTACKER);
    t.notOk(await guarded.connect(ATTACKER, GUARD));
    t.notOk(await guarded.ping(ATTACKER, GUARD));
    for (const [machine, from] of [
      [guarded.host, GUARD],
      [guarded.container, CONTAINER],
    ] as const) {
      t.match(await machine.order('connect', { from, to: ATTACKER, port: PORT }), { ok: passes }, `TCP from ${from}`);
      t.match(await machine.order('ping', { from, to: ATTACKER, port: PORT }), { ok: false }, 'UDP has no flags');
    }
    guarded.dropset('unban', ATTACKER);
  }
});

t.test('detach of nftables', async (t) => {
  guarded.dropset('ban', ATTACKER);
  await guarded.stop();
  guarded.dropset('detach', '--config', `${guarded.folder}/dropset.toml`);
  await guarded.start();
  t.notOk(await guarded.ping(ATTACKER, GUARD), 'the same bans, in nftables');
  t.throws(() => guarded.dropset('detach', '--config', `${guarded.folder}/dropset.toml`), /another dropset answers/);
  await guarded.stop();
  t.match(guarded.dropset('detach', '--config', `${guarded.folder}/dropset.toml`), /dropset/);
  t.ok(await guarded.ping(ATTACKER, GUARD));
  t.notMatch(guarded.host.run('nft', 'list', 'ruleset'), /table/);
});
