import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { adoptJails } from '../../../src/config/adopt.js';
import { CONFIGURATION } from '../../fail2ban.js';

/** Debian's tree, and what an operator adds to it. */
function debian(t: Test, local: string): string {
  const tree = join(t.testdir(), 'fail2ban');
  cpSync(CONFIGURATION, tree, { recursive: true });
  writeFileSync(join(tree, 'jail.local'), local);
  return tree;
}

const LIST = `# the office
198.51.100.1, 198.51.100.2 ; two

203.0.113.0/255.255.255.0 file:/nowhere
`;

/** A tree of one jail; in its lines, TREE is the tree. */
function small(t: Test, lines: string, name = 'a'): string {
  const tree = t.testdir({
    'filter.d': { 'knock.conf': '[Definition]\nfailregex = ^knock from <HOST>$\n' },
    'action.d': { 'iptables.conf': '[Definition]\nactionban = iptables -I INPUT -s <ip> -j DROP\n' },
    'jail.conf': '[DEFAULT]\nfilter = knock\nlogpath = /var/log/a.log\naction = iptables\n',
    spare: LIST,
  });
  writeFileSync(join(tree, 'jail.local'), `[${name}]\nenabled = true\n${lines.replaceAll('TREE', tree)}\n`);
  return tree;
}

t.test("Debian's tree as it is installed has the one jail sshd", async (t) => {
  const { jails, notes } = adoptJails(CONFIGURATION);
  t.match(jails, [
    {
      name: 'sshd',
      origin: /jail\.conf:\d+$/,
      filter: { name: /^sshd/, maxlines: 1 },
      sources: [{ kind: 'file', pattern: '/var/log/auth.log', start: 'since' }],
      maxretry: 5,
      findtime: 600_000,
      bantime: 600_000,
      usedns: 'warn',
      encoding: 'utf-8',
      ignoreip: [],
      ignoreself: true,
      scope: 'all',
    },
  ]);
  t.ok((jails[0]?.filter.failregex.length ?? 0) > 10);
  t.strictSame(notes, [
    'the jail sshd would close some ports only; dropset drops every packet of a banned address, and those alone with scope = "ports" in [fail2ban]',
  ]);
});

t.test('its ports, where they are wanted, and the mode', async (t) => {
  const scopes = (tree: string, scope: 'all' | 'ports', mode: 'drop' | 'observe') =>
    adoptJails(tree, new Set(), { scope, mode }).jails.map((jail) => jail.scope);
  t.strictSame(scopes(CONFIGURATION, 'ports', 'drop'), ['tcp/22']);
  t.strictSame(scopes(CONFIGURATION, 'ports', 'observe'), ['observe tcp/22']);
  t.strictSame(scopes(CONFIGURATION, 'all', 'observe'), ['observe']);
  t.strictSame(adoptJails(CONFIGURATION, new Set(), { scope: 'ports', mode: 'drop' }).notes, []);
  const odd = debian(t, '[sshd]\nport = ssh,nosuchport\n');
  t.strictSame(scopes(odd, 'ports', 'drop'), ['all']);
  t.match(adoptJails(odd, new Set(), { scope: 'ports', mode: 'drop' }).notes, [/there is no port 'nosuchport'/]);
});

t.test('a jail is a plain value: it can be handed to another thread', async (t) => {
  const { jails } = adoptJails(CONFIGURATION);
  t.strictSame(structuredClone(jails), jails);
});

t.test('what an operator says in jail.local', async (t) => {
  const { jails, notes } = adoptJails(
    debian(
      t,
      `[sshd]
maxretry = 2
findtime = 1d12h
bantime = -1
logencoding = latin1
logtimezone = UTC+0200
usedns = raw
ignoreself = false
ignorecommand = /usr/bin/spare <ip>
action = %(action_mw)s
[apache-auth]
enabled = true
banaction = iptables-allports
bantime.increment = true
bantime.maxtime = 1w
[recidive]
enabled = true
[dropbear]
enabled = true
backend = systemd[journalpath=/srv/journal, namespace=x]
journalmatch = _COMM=dropbear
`,
    ),
  );
  t.match(jails, [
    {
      name: 'sshd',
      maxretry: 2,
      findtime: 129_600_000,
      bantime: null,
      encoding: 'windows-1252',
      timezone: 'UTC+0200',
      usedns: 'raw',
      ignoreself: false,
      ignorecommand: '/usr/bin/spare <ip>',
    },
    {
      name: 'dropbear',
      sources: [{ kind: 'journal', matches: ['_COMM=dropbear'], directory: '/srv/journal', namespace: 'x' }],
    },
    {
      name: 'apache-auth',
      sources: [{ kind: 'file', pattern: '/var/log/apache2/*error.log' }],
      scope: 'all',
      escalation: { growth: { kind: 'multipliers' }, max: 604_800_000 },
    },
    {
      ...{ name: 'recidive', recidive: ['*'], sources: [], maxretry: 5 },
      ...{ findtime: 86_400_000, bantime: 604_800_000, filter: { failregex: [] } },
    },
  ]);
  t.match(notes, [
    /sendmail-whois\.conf is not run \(it sends a mail\), which the jail sshd would/,
    /^the jails sshd, dropbear would close some ports only/,
  ]);
});

t.test('where reading begins', async (t) => {
  const sources = (logpath: string) => adoptJails(small(t, `logpath = ${logpath}`)).jails[0]?.sources;
  t.strictSame(sources('/a\n /b tail\n /c d head'), [
    { kind: 'file', pattern: '/a', start: 'since' },
    { kind: 'file', pattern: '/b', start: 'end' },
    { kind: 'file', pattern: '/c d', start: 'since' },
  ]);
});

t.test('whom a jail spares: masks and files become prefixes, names stay', async (t) => {
  const spared = (ignoreip: string) => {
    const { jails, notes } = adoptJails(small(t, `ignoreip = ${ignoreip}`));
    return jails[0]?.ignoreip ?? notes;
  };
  t.strictSame(spared('192.0.2.0/255.255.255.0 192.0.2.1/255.255.255.255, 2001:db8::/32 office.example'), [
    '192.0.2.0/24',
    '192.0.2.1/32',
    '2001:db8::/32',
    'office.example',
  ]);
  t.strictSame(spared('file:TREE/spare'), ['198.51.100.1', '198.51.100.2', '203.0.113.0/24']);
  t.match(spared('file:/nowhere/spare'), [/^jail 'a' is left out: ENOENT: .*\/nowhere\/spare/]);
  for (const mask of ['999.1.1.1', '255.0.255.0', '0.255.255.255']) {
    t.match(spared(`192.0.2.0/${mask}`), [
      /^jail 'a' is left out: ignoreip has the mask .*, which is none; write a length/,
    ]);
  }
});

t.test('a broken jail is left out with its reason, and the others go on', async (t) => {
  const { jails, notes } = adoptJails(
    debian(
      t,
      `[nginx-http-auth]
enabled = true
logencoding = klingon
[nonsense]
enabled = true
filter = nonsense
[dropbear]
enabled = true
logpath = dropbear.log
`,
    ),
  );
  t.strictSame(
    jails.map(({ name }) => name),
    ['sshd'],
  );
  t.match(notes, [
    /^jail 'nonsense' is left out: there is no filter 'nonsense' in /,
    /^jail 'dropbear' is left out: .*: logpath 'dropbear\.log' is no absolute path; write one that begins with \//,
    /^jail 'nginx-http-auth' is left out: .*: logencoding 'klingon' is no encoding that is known/,
    /^the jail sshd would close some ports only/,
  ]);
  for (const note of notes) t.notMatch(note, '\n');
});

t.test('jails that could not be told from others, or read nothing', async (t) => {
  t.match(adoptJails(small(t, '', 'manual')), { jails: [], notes: [/^jail 'manual' is left out: .*reserved/] });
  t.match(adoptJails(small(t, 'logpath =')), { jails: [], notes: [/^jail 'a' is left out: .*it has no logpath/] });
});

t.test('a jail that dropset.toml has too is left out, and no word is lost on what it would do', async (t) => {
  const { jails, notes } = adoptJails(CONFIGURATION, new Set(['sshd']));
  t.strictSame(jails, []);
  t.match(notes, [/^jail 'sshd' is that of dropset\.toml; the one of .*jail\.conf:\d+ is left out$/]);
  t.equal(notes.length, 1);
});

t.test('what is zero', async (t) => {
  t.match(adoptJails(small(t, 'maxretry = 0\nbantime = 0')).jails, [{ maxretry: 1, bantime: 0 }]);
});

t.test('no tree', async (t) => {
  t.throws(() => adoptJails(t.testdir()), { code: 'config', message: /there is no jail\.conf and no jail\.local in/ });
});
