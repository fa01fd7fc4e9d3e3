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

const guarded = await Guarded.for(
  t,
  `[never]
addresses = ["198.51.100.200", "198.51.100.7"]`,
);

const FAMILIES = [
  { family: 'IPv4', attacker: ATTACKER, neighbour: NEIGHBOUR, host: GUARD, container: CONTAINER },
  { family: 'IPv6', attacker: ATTACKER6, neighbour: NEIGHBOUR6, host: GUARD6, container: CONTAINER6 },
];

for (const { family, attacker, neighbour, host, container } of FAMILIES) {
  t.test(`${family}: from answered to dropped`, async (t) => {
    const reach = async (from: string): Promise<boolean[]> => [
      await guarded.connect(from, host),
      await guarded.ping(from, host),
      await guarded.connect(from, container),
      await guarded.ping(from, container),
    ];
    t.same(await reach(attacker), [true, true, true, true], 'TCP and UDP, to the host and to the container behind it');
    for (const to of [host, container]) {
      t.match(await guarded.outside.order('open', { name: to, from: attacker, to, port: PORT }), { ok: true });
      t.match(await guarded.outside.order('talk', { name: to }), { ok: true });
    }

    guarded.fail(attacker, 2);
    guarded.fail(neighbour, 2);
    t.same(await reach(attacker), [true, true, true, true], 'two failures are not three');
    guarded.fail(attacker, 1);
    await guarded.banned(attacker);
    t.same(await reach(attacker), [false, false, false, false]);
    for (const to of [host, container]) {
      t.match(await guarded.outside.order('talk', { name: to }), { ok: false }, `the established one to ${to} stops`);
    }
    t.same(await reach(neighbour), [true, true, true, true], 'a clean neighbour is not affected');

    const [ban] = guarded.list().filter(({ address }) => address === attacker);
    t.match(ban, { address: attacker, jail: 'sshd', reason: /3 failures/ });
    t.ok((ban?.packets ?? 0) > 0 && (ban?.bytes ?? 0) > 0, 'dropped packets are counted for the address');
    const left = Date.parse(ban?.until ?? '') - Date.parse(ban?.since ?? '');
    t.equal(left, 3_600_000);

    guarded.dropset('unban', attacker);
    t.same(await reach(attacker), [true, true, true, true], 'lifted at once');
    guarded.dropset('unban', neighbour);
  });
}

t.test('a never-address is never banned', async (t) => {
  guarded.fail('198.51.100.200', 10);
  guarded.fail(NEIGHBOUR, 10);
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  t.same(
    guarded.list().map(({ address }) => address),
    [ATTACKER],
  );
  t.ok(await guarded.connect(NEIGHBOUR, GUARD));
  t.throws(() => guarded.dropset('ban', NEIGHBOUR), /198\.51\.100\.7/);
  t.equal(guarded.status().jails[0]?.never, 22);
  guarded.dropset('unban', '--all');
});

t.test('a user name that contains an address blames nobody else', async (t) => {
  guarded.fail(ATTACKER, 3, `invalid user root from ${NEIGHBOUR6} port 22 ssh2`);
  await guarded.banned(ATTACKER);
  t.same(
    guarded.list().map(({ address }) => address),
    [ATTACKER],
  );
  guarded.dropset('unban', '--all');
});

t.test('status adds up', async (t) => {
  const status = guarded.status();
  t.match(status, { backend: 'nftables', table: 'dropset', owned: true, bans: 0, elements: 0, problems: [] });
  t.ok(status.dropped.packets > 0);
  t.equal(status.lines, status.jails[0]?.lines);
  t.ok(status.failures > 10);
});
