import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { CONFIGURATION } from '../fail2ban.js';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR } from './guarded.js';

const guarded = new Guarded();
t.teardown(() => guarded.remove());

const tree = join(guarded.folder, 'fail2ban');
const log = join(guarded.folder, 'sshd.log');
cpSync(CONFIGURATION, tree, { recursive: true });
writeFileSync(log, '');
writeFileSync(
  join(tree, 'jail.local'),
  `[DEFAULT]
destemail = operator@example.com
[sshd]
enabled = true
backend = auto
logpath = ${log}
maxretry = 3
findtime = 10m
bantime = 1h
action = %(action_mw)s
[nginx-http-auth]
enabled = true
logpath = ${join(guarded.folder, 'nginx.log')}
filter = nonsense
`,
);

/** Failed logins, as sshd says them to a syslog daemon: with the local time. */
function fail(address: string, times: number, seconds = 0): void {
  const date = new Date(Date.now() - seconds * 1000);
  const month = date.toLocaleString('en-US', { month: 'short' });
  const stamp = `${month} ${String(date.getDate()).padStart(2)} ${date.toTimeString().slice(0, 8)}`;
  for (let session = 0; session < times; session++) {
    const pid = 1000 + session;
    appendFileSync(log, `${stamp} host sshd[${pid}]: Failed password for root from ${address} port 40022 ssh2\n`);
  }
}

const adopted = `[fail2ban]\ndirectory = "${tree}"\n`;
const count = (text: RegExp): number => guarded.said.match(new RegExp(text, 'g'))?.length ?? 0;
const lines = (): number => guarded.status().jails.find(({ name }) => name === 'sshd')?.lines ?? -1;

t.before(async () => {
  await guarded.host.order('serve', { address: GUARD, port: 2222 });
  await guarded.start(adopted, [], '');
});

t.test('what dropset does not do of a tree is said at the start, once', async (t) => {
  t.equal(count(/sendmail-whois\.conf is not run \(it sends a mail\), which the jail sshd would/), 1);
  t.equal(count(/the jail sshd would close some ports only; dropset drops every packet/), 1);
  t.equal(count(/jail 'nginx-http-auth' is left out: there is no filter 'nonsense'/), 1);
  t.match(guarded.said, /ready: nftables, 1 jails/);
});

t.test('failed logins of an adopted jail lead to dropped packets', async (t) => {
  t.ok(await guarded.connect(ATTACKER, GUARD));
  fail(ATTACKER, 2);
  fail(NEIGHBOUR, 2);
  await guarded.until('four lines are read', () => lines() === 4);
  t.ok(await guarded.connect(ATTACKER, GUARD), 'two failures are not three');
  fail(ATTACKER, 1);
  await guarded.banned(ATTACKER);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  t.ok(await guarded.connect(NEIGHBOUR, GUARD));
  t.match(guarded.list(), [{ address: ATTACKER, jail: 'sshd', reason: /^3 failures/ }]);
});

t.test('status shows the jail', async (t) => {
  const { jails, bans, problems } = guarded.status();
  t.match(jails, [
    {
      name: 'sshd',
      filter: /^sshd/,
      sources: [log],
      lines: 5,
      failures: 5,
      bans: 1,
      never: 0,
      outdated: 0,
      overruns: 0,
    },
  ]);
  t.equal(jails.length, 1);
  t.equal(bans, 1);
  t.same(problems, []);
  t.match(guarded.dropset('status'), /jail {6}sshd .*5 lines, 5 failures, 1 bans/);
});

t.test('lines that are written while it is down are judged at the next start, exactly once', async (t) => {
  guarded.dropset('unban', ATTACKER);
  t.equal(await guarded.stop(), 0);
  fail('198.51.100.98', 2);
  fail(ATTACKER, 3, 60);
  fail('198.51.100.99', 3, 3600);
  await guarded.start(adopted, [], '');
  await guarded.banned(ATTACKER);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.match(guarded.status().jails, [{ lines: 8, failures: 5, outdated: 3, bans: 1 }]);
  t.match(guarded.list(), [{ address: ATTACKER }], 'not whose failures are too old');

  guarded.dropset('unban', ATTACKER);
  await guarded.stop();
  await guarded.start(adopted, [], '');
  await sleep(500);
  t.equal(lines(), 0);
  t.same(guarded.list(), []);
  t.ok(await guarded.connect(ATTACKER, GUARD), 'an old line does not ban again who was pardoned');
  fail(ATTACKER, 3);
  await guarded.banned(ATTACKER);
});

t.test('after kill -9 nothing is read twice that its last word was about', async (t) => {
  guarded.dropset('unban', ATTACKER);
  fail(NEIGHBOUR, 1);
  await guarded.until('the line is read', () => lines() === 4);
  // It is told within a second how far a log has been read.
  await sleep(2_000);
  await guarded.stop('SIGKILL');
  fail(ATTACKER, 3);
  await guarded.start(adopted, [], '');
  await guarded.banned(ATTACKER);
  t.equal(lines(), 3);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
});
