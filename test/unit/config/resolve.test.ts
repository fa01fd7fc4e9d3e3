import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { resolve, resolveAll } from '../../../src/config/resolve.js';
import { CONFIGURATION } from '../../fail2ban.js';

const resolved = (text: string) => resolve(parseSettings(text, 'FILE'));

const KNOCK = `[Definition]
failregex = ^knock from <HOST>$
ignoreregex = friend
datepattern = {^LN-BEG}
maxlines = 3
journalmatch = _COMM=knock
`;

/** The path of a filter file. */
function filter(t: Test, text = KNOCK): string {
  const path = join(t.testdir(), 'knock.conf');
  writeFileSync(path, text);
  return path;
}

t.test('a filter by its name comes with dropset', async (t) => {
  const { jails, notes } = resolved('[jail.sshd]\nlogpath = "/a"');
  t.match(jails, [
    {
      name: 'sshd',
      origin: 'dropset.toml',
      filter: { name: 'sshd', origin: /stock\/sshd\.conf$/ },
      sources: [{ kind: 'file', pattern: '/a', start: 'end' }],
      scope: 'all',
    },
  ]);
  t.strictSame(notes, []);
});

t.test('a filter by its path, and what the jail says in place of it', async (t) => {
  const path = filter(t);
  t.match(resolved(`[jail.a]\nfilter = "${path}"\nlogpath = "/a"`).jails[0]?.filter, {
    datepattern: '{^LN-BEG}',
    maxlines: 3,
    ignoreregex: [{ text: 'friend' }],
  });
  const more = 'datepattern = ["EPOCH", "%H"]\nmaxlines = 2';
  t.match(resolved(`[jail.a]\nfilter = "${path}"\nlogpath = "/a"\n${more}`).jails[0]?.filter, {
    datepattern: 'EPOCH\n%H',
    maxlines: 2,
  });
});

t.test("the journal is read for the filter's matches, unless the jail has its own", async (t) => {
  const path = filter(t);
  const sources = (more: string) => resolved(`[jail.a]\nfilter = "${path}"\n${more}`).jails[0]?.sources;
  t.strictSame(sources('journal = true'), [{ kind: 'journal', matches: ['_COMM=knock'] }]);
  t.strictSame(sources('journalmatch = "_COMM=other"'), [{ kind: 'journal', matches: ['_COMM=other'] }]);
});

t.test('a filter learns what its lines look like', async (t) => {
  const path = filter(t, '[Definition]\nlogtype = file\nfailregex = ^<logtype> <HOST>$\n[Init]\nlogtype = file\n');
  const text = (source: string) =>
    resolved(`[jail.a]\nfilter = "${path}"\n${source}`).jails[0]?.filter.failregex[0]?.text;
  t.equal(text('logpath = "/a"'), '^file <HOST>$');
});

t.test('patterns of the configuration itself', async (t) => {
  const { jails } = resolved(
    '[jail.a]\nlogpath = "/a"\nprefregex = "^x <F-CONTENT>.+</F-CONTENT>$"\nfailregex = ["^b <HOST>", "^c <HOST>"]\nignoreregex = "d"',
  );
  const origin = 'jail a';
  t.strictSame(jails[0]?.filter, {
    name: 'a',
    origin,
    prefregex: { text: '^x <F-CONTENT>.+</F-CONTENT>$', origin },
    failregex: [
      { text: '^b <HOST>', origin },
      { text: '^c <HOST>', origin },
    ],
    ignoreregex: [{ text: 'd', origin }],
    maxlines: 1,
    journalmatch: [],
  });
});

t.test('a filter that is not there, or has a fault', async (t) => {
  t.throws(() => resolved('[jail.a]\nfilter = "nonsense"\nlogpath = "/a"'), { code: 'filter', message: /nonsense/ });
  t.throws(() => resolved(`[jail.a]\nfilter = "${filter(t, '[Definition]\n')}"\nlogpath = "/a"`), {
    code: 'filter',
    message: /no failregex/,
  });
});

t.test('all that cannot be used is told at once, beside what can', async (t) => {
  const text =
    '[fail2ban]\ndirectory = "/nowhere"\n[jail.a]\nfilter = "nonsense"\nlogpath = "/a"\n[jail.b]\nfilter = "rubbish"\nlogpath = "/b"\n[jail.sshd]\nlogpath = "/c"\n';
  t.throws(() => resolved(text), { code: 'filter', message: /nonsense.*rubbish.*\/nowhere/s });
  const { config, faults } = resolveAll(parseSettings(text, 'FILE'));
  t.match(config.jails, [{ name: 'sshd' }]);
  t.equal(config.jails.length, 1);
  t.match(
    faults.map(({ code }) => code),
    ['filter', 'filter', 'config'],
  );
});

t.test('with a fail2ban tree come its jails and its filters', async (t) => {
  const section = `[fail2ban]\ndirectory = "${CONFIGURATION}"\n`;
  const { jails, notes } = resolved(`${section}[jail.mail]\nfilter = "postfix"\nlogpath = "/a"`);
  t.strictSame(
    jails.map(({ name }) => name),
    ['mail', 'sshd'],
  );
  t.match(jails[0]?.filter.origin, `${CONFIGURATION}/filter.d/postfix.conf`);
  t.match(jails[1]?.filter.origin, `${CONFIGURATION}/filter.d/sshd.conf`);
  t.match(notes, [/^the jail sshd would close some ports only/]);
});

t.test('a jail of both is that of dropset.toml', async (t) => {
  const section = `[fail2ban]\ndirectory = "${CONFIGURATION}"\n`;
  const { jails, notes } = resolved(`${section}[jail.sshd]\nlogpath = "/a"`);
  t.match(jails, [{ name: 'sshd', origin: 'dropset.toml', sources: [{ pattern: '/a' }] }]);
  t.equal(jails.length, 1);
  t.match(notes, [/^jail 'sshd' is that of dropset\.toml; the one of .*jail\.conf:\d+ is left out$/]);
});

t.test('a tree that is not there', async (t) => {
  t.throws(() => resolved('[fail2ban]\ndirectory = "/nowhere"'), { code: 'config', message: /\/nowhere/ });
});

t.test('a preset is one line, and proxies are spared', async (t) => {
  const { jails } = resolved(
    '[jail.a]\npreset = "nginx-auth"\nignoreip = "192.0.2.1"\ntrusted_proxies = ["10.1.2.3/8"]',
  );
  t.match(jails, [
    {
      name: 'a',
      origin: 'dropset.toml, preset nginx-auth',
      filter: { name: 'nginx-auth', origin: /stock\/nginx-auth\.conf$/ },
      sources: [{ kind: 'file', pattern: '/var/log/nginx/*access.log' }],
      maxretry: 3,
      bantime: 86_400_000,
      ignoreip: ['192.0.2.1', '10.0.0.0/8'],
      trustedProxies: ['10.0.0.0/8'],
    },
  ]);
});
