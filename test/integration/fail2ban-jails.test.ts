import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import type { Scope } from '../../src/fail2ban/actions.js';
import type { JailDefinition } from '../../src/fail2ban/jail-definition.js';
import { loadJails } from '../../src/fail2ban/jails.js';
import { ask, CONFIGURATION } from '../fail2ban-configuration.js';
import { jailsOf, type Told, type ToldAction } from '../fail2ban-stream.js';

type Tree = Readonly<Record<string, string>>;

/** fail2ban's own configuration, with some files of an operator's. */
function stock(t: Test, files: Tree): string {
  const directory = t.testdir();
  cpSync(CONFIGURATION, directory, { recursive: true });
  return written(directory, files);
}

function written(directory: string, files: Tree): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** The parts of a jail that both sides tell, in one shape. */
function ours(jail: JailDefinition): object {
  const { filter, increment, actions } = jail;
  const bans = actions.bans.filter(({ name }) => BAN.test(name));
  const texts = (expressions: readonly { text: string }[]): string[] => expressions.map(({ text }) => text);
  return {
    backend: jail.backend.text,
    prefregex: filter.prefregex?.text ?? '',
    failregex: texts(filter.failregex),
    ignoreregex: texts(filter.ignoreregex),
    datepattern: filter.datepattern,
    maxlines: filter.maxlines,
    journalmatch: filter.journalmatch.map((line) => line.split(/\s+/)),
    usedns: jail.usedns,
    maxretry: jail.maxretry,
    maxmatches: jail.maxmatches,
    findtime: jail.findtime,
    bantime: jail.bantime,
    increment: {
      enabled: increment.enabled,
      factor: increment.factor,
      formula: increment.formula,
      maxtime: increment.maxtime,
    },
    ignoreip: jail.ignoreip,
    ignoreself: jail.ignoreself,
    ignorecommand: jail.ignorecommand ?? '',
    logencoding: jail.logencoding,
    logpath: jail.logpath.map(({ pattern, from }) => `${pattern} ${from}`),
    actions: [...actions.bans, ...actions.unsupported].map(({ name }) => name).sort(),
    scopes: Object.fromEntries(bans.map(({ name, scope }) => [name, portsOf(scope)])),
  };
}

const portsOf = (scope: Scope): string =>
  scope.kind === 'all' ? 'all' : `${scope.protocols.join(',')} ${scope.ports}`;

function theirs(told: Told): ReadonlyMap<string, object> {
  const jails = [...jailsOf(told.stream)].map(([name, jail]): [string, object] => {
    const { settings } = jail;
    const seconds = told.seconds[name] ?? {};
    return [
      name,
      {
        backend: jail.backend,
        prefregex: settings.prefregex ?? '',
        failregex: jail.failregex,
        ignoreregex: jail.ignoreregex,
        datepattern: settings.datepattern,
        maxlines: settings.maxlines ?? 1,
        journalmatch: jail.journalmatch,
        usedns: settings.usedns ?? 'warn',
        maxretry: settings.maxretry ?? 3,
        maxmatches: settings.maxmatches ?? 5,
        findtime: seconds.findtime ?? 600,
        bantime: seconds.bantime ?? 600,
        increment: {
          enabled: settings['bantime.increment'] ?? false,
          factor: settings['bantime.factor'],
          formula: settings['bantime.formula'],
          maxtime: seconds['bantime.maxtime'],
        },
        ignoreip: jail.ignoreip,
        ignoreself: settings.ignoreself ?? true,
        ignorecommand: settings.ignorecommand ?? '',
        logencoding: settings.logencoding ?? 'auto',
        logpath: pathsOf(told.options[name] ?? {}),
        actions: jail.actions.map((action) => action.name).sort(),
        scopes: Object.fromEntries(jail.actions.filter(isBan).map((action) => [action.name, scopeOf(action)])),
      },
    ];
  });
  return new Map(jails);
}

/** fail2ban's stream has files, not patterns, so that its options are asked. */
function pathsOf({ logpath, backend }: Readonly<Record<string, unknown>>): string[] {
  if (`${backend}`.startsWith('systemd')) return [];
  const lines = `${logpath ?? ''}`.split('\n').filter((line) => line !== '');
  return lines.map((line) => (/ (?:head|tail)$/.test(line) ? line : `${line} head`));
}

/** Actions whose commands show in one way or the other what they close. */
const BAN = /^(?:iptables|nftables|firewallcmd|ufw|route|shorewall|hostsdeny)/;

const isBan = ({ name, options }: ToldAction): boolean => BAN.test(`${name}`) && options.blocktype !== 'RETURN';

/** What an action's own commands say. */
function scopeOf({ options }: ToldAction): string {
  const commands = `${options.actionstart ?? ''}\n${options.actionban ?? ''}`;
  if (!/dport|ports=/.test(commands)) return 'all';
  return `${options.protocol} ${`${options.port}`}`;
}

/** Asks both about a tree; what differs fails the test, jail by jail. */
async function compare(t: Test, directory: string): Promise<{ names: string[]; faults: readonly string[] }> {
  const [told] = await ask<Told>([{ jails: directory }]);
  if (!told || 'error' in told) throw new Error(`fail2ban refuses: ${told?.error}`);
  const { jails, faults } = loadJails(directory);
  const expected = theirs(told);
  t.same(jails.map(({ name }) => name).sort(), [...expected.keys()].sort(), 'the same jails');
  for (const jail of jails) t.strictSame(ours(jail), expected.get(jail.name), jail.name);
  return { names: jails.map(({ name }) => name), faults };
}

t.test('every jail of fail2ban', async (t) => {
  const directory = stock(t, { 'jail.local': '[DEFAULT]\nenabled = true\n' });
  const { names, faults } = await compare(t, directory);
  t.ok(names.length > 80);
  t.same(faults, []);
  t.comment(`${names.length} jails`);
});

t.test("an operator's own words over fail2ban's", async (t) => {
  const directory = stock(t, {
    'jail.local': `
[DEFAULT]
bantime = 1h
findtime = 2h 30m
maxretry = 7
ignoreip = 127.0.0.1/8 ::1, 192.0.2.0/24
           2001:db8::/32,host.example
bantime.increment = on
bantime.factor = 2
bantime.maxtime = 1w
banaction = nftables-multiport
banaction_allports = nftables[type=allports]
usedns = no
[sshd]
port = ssh,2222
mode = aggressive
maxmatches = 3
bantime = -1
logpath = %(sshd_log)s
          /srv/with space/auth.log tail
[nginx-http-auth]
enabled = true
failregex = %(known/failregex)s
            ^own <HOST>$
ignoreregex = one
              two
datepattern = %%Y-%%m-%%d
maxlines = 4
[apache-auth]
enabled = yes
filter = %(__name__)s[mode=aggressive]
action = %(action_)s
         %(action_mwl)s
         iptables[name=second, port="80, 8080", protocol=udp]
ignorecommand = /bin/true <ip>
ignoreself = false
[recidive]
enabled = 1
[postfix]
enabled = true
backend = systemd[journalflags=1]
maxretry = %(known/maxretry)s0
[own]
enabled = true
filter =
failregex = ^a <HOST>
prefregex = ^<F-CONTENT>.*</F-CONTENT>
journalmatch = A=b + C=d
               E=f
logpath =
action = route
logencoding = latin1
[other]
enabled = true
filter = sshd[mode=ddos, logtype=short, failregex="^x <HOST>"][_daemon='d']
failregex = ^y <HOST>
logpath = /var/log/x.log head
[off]
filter = nothing
`,
    'jail.d/10-late.conf':
      '[sshd]\nmaxretry = 2\nfindtime = 1\n[later]\nenabled = true\nfilter = dovecot\nlogpath = /x\n',
    'jail.d/90.local': '[DEFAULT]\nfindtime = 3m\n',
    'filter.d/sshd.local': '[Definition]\nfailregex = %(known/failregex)s\n  ^local <HOST> <bantime> <maxretry>$\n',
  });
  const { names, faults } = await compare(t, directory);
  t.same(faults, []);
  t.same(names.sort(), ['apache-auth', 'later', 'nginx-http-auth', 'other', 'own', 'postfix', 'recidive', 'sshd']);
});

t.test("every action of fail2ban's", async (t) => {
  const actions = readdirSync(`${CONFIGURATION}/action.d`)
    .filter((name) => name.endsWith('.conf') && !/-common\.conf$/.test(name))
    .map((name) => name.slice(0, -'.conf'.length));
  const jails = actions.map((name) => `[with-${name}]\naction = ${name}[port="http,8080"]\nenabled = true\n`);
  const directory = stock(t, { 'jail.local': `[DEFAULT]\nfilter = sshd\nlogpath = /x\n${jails.join('')}` });
  const { faults } = await compare(t, directory);
  t.same(faults, []);
  t.ok(actions.length > 50);
});
