import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ATTACKER, ATTACKER6, GUARD, GUARD6, Guarded, NEIGHBOUR, NEIGHBOUR6 } from './guarded.js';

const guarded = new Guarded();
t.teardown(() => guarded.remove());
for (const address of [GUARD, GUARD6]) await guarded.host.order('serve', { address, port: 2222 });

const file = (name: string): string => join(guarded.folder, name);

for (const name of ['access.log', 'mainlog', 'mail.log']) writeFileSync(file(name), '');

const PROXY = '192.0.2.10';

/** One line a preset, and where the test's logs are. */
const JAILS = `[jail.sshd]
preset = "sshd"
logpath = "${guarded.log}"
[jail.wordpress]
preset = "wordpress"
logpath = "${guarded.log}"
[jail.wp-login-flood]
preset = "wp-login-flood"
logpath = "${file('access.log')}"
prefix = { ipv6 = 128 }
trusted_proxies = ["${PROXY}"]
[jail.exim-dos]
preset = "exim-dos"
logpath = "${file('mainlog')}"
`;

const NEVER = `[never]
users = ["ann"]
addresses = ["203.0.113.0/24"]
`;

await guarded.start(NEVER, [], JAILS);

const now = (): string => new Date().toISOString();

/** A post to the login page, as nginx' format \`main\` has it. */
function post(peer: string, forwarded: string, times = 10): void {
  const [date, time] = now().slice(0, 19).split('T') as [string, string];
  const [year, , day] = date.split('-');
  const month = new Date().toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  const line = `${peer} - - [${day}/${month}/${year}:${time} +0000] "POST /wp-login.php HTTP/1.1" 200 5 "-" "Googlebot/2.1" "${forwarded}"\n`;
  appendFileSync(file('access.log'), line.repeat(times));
}

const banned = (jail?: string): string[] =>
  guarded
    .list()
    .filter((ban) => jail === undefined || ban.jail === jail)
    .map(({ address }) => address);

t.test('sshd: three failures; some of good users do not count, and trusted networks never', async (t) => {
  guarded.fail(NEIGHBOUR, 2, 'ann');
  guarded.fail(NEIGHBOUR, 2, 'root');
  guarded.fail('203.0.113.9', 20);
  guarded.fail(ATTACKER, 3);
  await guarded.banned(ATTACKER);
  t.same(banned(), [ATTACKER]);
  t.equal(await guarded.connect(ATTACKER, GUARD), false, 'its packets are dropped');
  t.equal(await guarded.connect(NEIGHBOUR, GUARD), true);
  const [ban] = guarded.list();
  t.equal(Date.parse(ban?.until ?? '') - Date.parse(ban?.since ?? ''), 86_400_000);
});

t.test('behind a proxy the client is banned, and a claim counts for nothing', async (t) => {
  // So that both know each other's link addresses: neighbours who are banned cannot ask for them.
  for (const from of [ATTACKER6, NEIGHBOUR6]) t.equal(await guarded.connect(from, GUARD6), true);
  post(PROXY, `${NEIGHBOUR}, 192.0.2.77`);
  post(ATTACKER6, NEIGHBOUR6);
  post(PROXY, 'unknown', 30);
  await guarded.banned('192.0.2.77');
  await guarded.banned(ATTACKER6);
  t.same(banned('wp-login-flood').sort(), ['192.0.2.77', ATTACKER6]);
  t.equal(await guarded.connect(ATTACKER6, GUARD6), false);
  t.equal(await guarded.connect(NEIGHBOUR6, GUARD6), true, 'whom it named is not affected');
  const [jail] = guarded.status().jails.filter(({ name }) => name === 'wp-login-flood');
  t.match(jail, { failures: 20, invalid: 30 });
});

t.test('limits of their own: at once, and by the third', async (t) => {
  const exim = `${now().slice(0, 10)} ${now().slice(11, 19)} +0000 Connection from [192.0.2.88] refused: too many connections\n`;
  appendFileSync(file('mainlog'), exim);
  await guarded.banned('192.0.2.88');
  const [ban] = guarded.list().filter(({ address }) => address === '192.0.2.88');
  t.equal(Date.parse(ban?.until ?? '') - Date.parse(ban?.since ?? ''), 3_600_000);

  const failed = `${now()} host wordpress(www.example.com)[7]: Authentication failure for x from 192.0.2.1 from 192.0.2.99\n`;
  const spared = `${now()} host wordpress(www.example.com)[7]: Pingback error 48 generated from 192.0.2.98\n`;
  appendFileSync(guarded.log, spared.repeat(9) + failed.repeat(3));
  await guarded.banned('192.0.2.99');
  t.same(banned('wordpress'), ['192.0.2.99']);
});

t.test('a reload takes other presets, and other proxies', async (t) => {
  const changed = JAILS.replace(`trusted_proxies = ["${PROXY}"]\n`, '').replace('[jail.exim-dos]', '[jail.dovecot]');
  const text = changed.replace('"exim-dos"', '"dovecot"').replace('mainlog', 'mail.log');
  guarded.configure(NEVER, text);
  const report = JSON.parse(guarded.dropset('reload', '--json'));
  t.match(report.jails, { added: ['dovecot'], removed: ['exim-dos'], changed: ['wp-login-flood'] });
  post(PROXY, '192.0.2.78');
  await guarded.banned(PROXY);
  t.notOk(banned().includes('192.0.2.78'), 'who is not trusted is to blame himself');
});

t.test('the service ends', async (t) => {
  t.equal(await guarded.stop(), 0);
});
