import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CONFIGURATION } from '../fail2ban-configuration.js';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR, PORT } from './guarded.js';

/** A jail by dropset's filter for sshd, and one by fail2ban's. */
const jails = (calm: string): string => {
  const siege = `siege = { offenders = 4, user_offenders = 1000, window = "1m", calm = "${calm}" }\n`;
  const jail = (name: string, filter: string, maxretry: number): string =>
    `[jail.${name}]\nfilter = "${filter}"\nlogpath = ["${guarded.log}"]\nmaxretry = ${maxretry}\nfindtime = "10m"\nbantime = "1h"\n${siege}`;
  return jail('sshd', 'sshd', 3) + jail('other', join(CONFIGURATION, 'filter.d/sshd.conf'), 5);
};

const guarded = new Guarded();
t.teardown(() => guarded.remove());
await guarded.host.order('serve', { address: GUARD, port: PORT });
await guarded.start('', [], jails('10m'));

const told = (): string[] => guarded.said.split('\n').filter((line) => line.includes('under siege'));

const standing = (): Record<string, number> =>
  Object.fromEntries(guarded.status().jails.map(({ name, siege }) => [name, siege?.standing.length ?? -1]));

const login = (address: string): void =>
  appendFileSync(
    guarded.log,
    `${new Date().toISOString()} host sshd[4711]: Accepted password for ann from ${address} port 40022 ssh2\n`,
  );

t.test('many that fail once each are a siege, in which one failure is enough of who is not known', async (t) => {
  login(NEIGHBOUR);
  for (let bot = 1; bot <= 4; bot++) guarded.fail(`198.18.0.${bot}`, 1, `user${bot}`);
  await guarded.until('four have failed', () => guarded.status().failures === 8);
  t.same(guarded.list(), []);
  t.equal(await guarded.connect(ATTACKER, GUARD), true);
  guarded.fail(ATTACKER, 1);
  guarded.fail(NEIGHBOUR, 1);
  await guarded.banned(ATTACKER);
  await guarded.until('both have failed', () => guarded.status().failures === 12);
  t.equal(await guarded.connect(ATTACKER, GUARD), false, 'after one failure its packets are dropped');
  t.equal(await guarded.connect(NEIGHBOUR, GUARD), true, 'who has logged in may fail once');
  t.same(
    guarded.list().map(({ address, jail, reason }) => [address, jail, reason.slice(0, 16)]),
    [
      [ATTACKER, 'other', 'siege: 1 failure'],
      [ATTACKER, 'sshd', 'siege: 1 failure'],
    ],
  );
  t.match(guarded.dropset('why', ATTACKER), /by jail sshd, .*: siege: 1 failure, the last: /);
  t.same(standing(), { sshd: 1, other: 1 });
  t.match(guarded.dropset('status'), /\n {2}siege {3}under siege since .*; 1 bans\n/);
  t.match(guarded.dropset('metrics'), /\ndropset_sieges\{jail="sshd",of="jail"\} 1\n/);
  t.match(told(), [
    /jail sshd is under siege: one failure is enough/,
    /jail other is under siege: one failure is enough/,
  ]);
});

t.test('it outlives a reload, and kill -9', async (t) => {
  guarded.configure('[never]\naddresses = ["192.0.2.200"]\n', jails('10m'));
  guarded.dropset('reload');
  guarded.fail('198.18.1.1', 1);
  await guarded.banned('198.18.1.1');
  await guarded.stop('SIGKILL');
  await guarded.start('', [], jails('10m'));
  t.same(standing(), { sshd: 1, other: 1 });
  guarded.fail('198.18.1.2', 1);
  guarded.fail(NEIGHBOUR, 1);
  await guarded.banned('198.18.1.2');
  t.equal(await guarded.connect(NEIGHBOUR, GUARD), true, 'known still, and failed twice');
  guarded.fail(NEIGHBOUR, 1);
  await guarded.banned(NEIGHBOUR);
  t.match(
    guarded.list().find(({ address }) => address === NEIGHBOUR)?.reason,
    /^3 failures in /,
    'as often as anybody, and not once more for the restart',
  );
});

t.test('it ends when it has been calm, also where nobody fails any more', async (t) => {
  guarded.configure('', jails('1s'));
  guarded.dropset('reload');
  await guarded.until('both have ended', () => Object.values(standing()).every((count) => count === 0));
  await guarded.until('that is told', () => /jail sshd is under siege no longer, after /.test(guarded.said));
  guarded.fail('198.18.2.1', 1);
  await guarded.until('it is read', () => guarded.status().failures >= 8);
  t.equal(
    guarded.list().some(({ address }) => address === '198.18.2.1'),
    false,
  );
  t.equal(await guarded.stop(), 0);
});
