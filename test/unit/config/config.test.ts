import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig, parseSettings, type Settings } from '../../../src/config/config.js';
import { DropsetError } from '../../../src/model/errors.js';

/** The lines of the error that the text is refused with. */
function faults(text: string): string[] {
  try {
    parseSettings(text, 'FILE');
  } catch (error) {
    if (error instanceof DropsetError && error.code === 'config') return error.message.split('\n');
    throw error;
  }
  return [];
}

/** As plain values, prefixes as text. */
const plain = (config: Settings): unknown => ({
  ...config,
  never: { ...config.never, addresses: config.never.addresses.map(String) },
});

const DEFAULTS = {
  service: {
    state: '/var/lib/dropset',
    socket: '/run/dropset/dropset.sock',
    maxLine: 65_536,
    history: 15_552_000_000,
    audit: 60_000,
    mode: 'drop',
  },
  log: { format: 'text', level: 'info', dropped: 'off', prefix: 'dropset: ', rate: 10, burst: 5 },
  backend: {
    kind: 'nftables',
    table: 'dropset',
    hook: 'prerouting',
    priority: -300,
    own: true,
    elementCounters: true,
    spareReplies: true,
    size: 1_572_864,
    interfaces: 'auto',
    mode: 'auto',
    pins: '/sys/fs/bpf/dropset',
    routeTable: 213,
  },
  backends: [{ name: 'nftables', kind: 'nftables' }],
  metrics: {},
  never: { addresses: [], names: [], files: [], refresh: 300_000, users: [] },
  guard: { ports: [22], widest: { 4: 16, 6: 32 } },
  prefix: { 4: 32, 6: 64 },
  fail2ban: undefined,
  jails: [],
  hooks: [],
};

t.test('an empty file is the defaults', async (t) => {
  for (const text of ['', '\uFEFF', '# nothing\n', '[service]\n[backend]\n[never]\n[jail]\n']) {
    t.strictSame(plain(parseSettings(text, 'FILE')), DEFAULTS, JSON.stringify(text));
  }
});

const FULL = `
[service]
state = "/srv/dropset/"
socket = "/run/other.sock"
audit = "never"
mode = "observe"
[log]
format = "json"
level = "warning"
dropped = 4711
prefix = "x "
rate = 1
burst = 2
[backend]
kind = "memory"
table = "_my.table-1"
hook = "input"
priority = "filter"
own = false
element_counters = false
spare_replies = "tcp"
size = 1_024
interfaces = ["eth0", "veth*"]
mode = "native"
pins = "/run/bpf/own/"
[metrics]
listen = "[::1]:9817"
[never]
addresses = ["192.0.2.7/24", "2001:DB8::/32", "::ffff:198.51.100.1", "office.example"]
files = ["/etc/dropset/never.txt"]
refresh = "1m"
users = ["alice"]
[guard]
ports = ["ssh", 2222]
widest_ipv4 = 20
[fail2ban]
directory = "/srv/fail2ban/"
scope = "ports"
[jail.sshd]
enabled = true
filter = "sshd[mode=aggressive]"
logpath = ["/var/log/auth.log", "/var/log/../log/secure", "/var/log/auth.log"]
maxretry = 3
findtime = "1d 12h"
bantime = "never"
datepattern = ["^%Y-%m-%d", "EPOCH"]
maxlines = 10
usedns = "warn"
logencoding = "latin1"
logtimezone = "UTC+0200"
ignoreip = ["192.0.2.0/24", "office.example"]
ignoreuser = "bob"
ignoreself = false
ignorecommand = "/usr/bin/spare <ip>"
[jail.web]
prefregex = "^web: (?P<content>.*)$"
failregex = ["^<HOST> ", 'a\\d+']
ignoreregex = ["good"]
logpath = "/var/log/web.log"
findtime = 90
bantime = -1
port = "80,443"
protocol = "tcp,udp"
mode = "drop"
ignoreip = "192.0.2.1"
[jail."own.filter"]
filter = "/etc/dropset/own.conf"
journalmatch = "_COMM=own"
syslog = ["udp://127.0.0.1:5514", "udp://127.0.0.1:5514"]
bantime = 0.5
[jail.off]
enabled = false
logpath = "/var/log/off.log"
[jail.short]
failregex = "one"
logpath = "-"
[hook.notify]
program = "/usr/bin/notify"
[jail.btmp]
`;

/** What a jail has that says nothing but where its lines come from. */
const PLAIN = {
  maxretry: 5,
  findtime: 600_000,
  bantime: 600_000,
  usedns: 'no',
  ignoreip: [],
  ignoreself: true,
  encoding: 'utf-8',
  ports: [],
};

const WEB = [
  { first: 80, last: 80 },
  { first: 443, last: 443 },
];

t.test('a file that says everything', async (t) => {
  const file = (pattern: string) => ({ kind: 'file', pattern, start: 'end' });
  t.strictSame(plain(parseSettings(FULL, 'FILE')), {
    service: {
      state: '/srv/dropset',
      socket: '/run/other.sock',
      maxLine: 65_536,
      history: 15_552_000_000,
      audit: null,
      mode: 'observe',
    },
    log: { format: 'json', level: 'warning', dropped: 4711, prefix: 'x ', rate: 1, burst: 2 },
    backend: {
      kind: 'memory',
      table: '_my.table-1',
      hook: 'input',
      priority: 0,
      own: false,
      elementCounters: false,
      spareReplies: 'tcp',
      size: 1024,
      interfaces: ['eth0', 'veth*'],
      mode: 'native',
      pins: '/run/bpf/own',
      routeTable: 213,
    },
    backends: [{ name: 'memory', kind: 'memory' }],
    metrics: { listen: { host: '::1', port: 9817 } },
    never: {
      addresses: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.1'],
      names: ['office.example'],
      files: ['/etc/dropset/never.txt'],
      refresh: 60_000,
      users: ['alice'],
    },
    guard: { ports: [22, 2222], widest: { 4: 20, 6: 32 } },
    prefix: { 4: 32, 6: 64 },
    fail2ban: { directory: '/srv/fail2ban', scope: 'ports' },
    hooks: [
      {
        name: 'notify',
        target: { kind: 'program', path: '/usr/bin/notify', arguments: [] },
        events: ['ban'],
        jails: ['*'],
        ...{ timeout: 10_000, pause: 1000, batch: 100, queue: 10_000 },
      },
    ],
    jails: [
      {
        name: 'sshd',
        filter: 'sshd[mode=aggressive]',
        sources: [file('/var/log/auth.log'), file('/var/log/secure')],
        maxretry: 3,
        findtime: 129_600_000,
        bantime: null,
        usedns: 'warn',
        ignoreip: ['192.0.2.0/24', 'office.example'],
        ignoreuser: ['bob'],
        ignoreself: false,
        encoding: 'windows-1252',
        timezone: 'UTC+0200',
        ignorecommand: '/usr/bin/spare <ip>',
        ports: [],
        datepattern: '^%Y-%m-%d\nEPOCH',
        maxlines: 10,
      },
      {
        ...PLAIN,
        name: 'web',
        filter: { failregex: ['^<HOST> ', 'a\\d+'], ignoreregex: ['good'], prefregex: '^web: (?P<content>.*)$' },
        sources: [file('/var/log/web.log')],
        findtime: 90_000,
        bantime: null,
        ignoreip: ['192.0.2.1'],
        ports: [
          { protocol: 'tcp', ranges: WEB },
          { protocol: 'udp', ranges: WEB },
        ],
        mode: 'drop',
      },
      {
        ...PLAIN,
        name: 'own.filter',
        filter: '/etc/dropset/own.conf',
        sources: [
          { kind: 'journal', matches: ['_COMM=own'] },
          { kind: 'syslog', listen: 'udp://127.0.0.1:5514' },
        ],
        bantime: 500,
      },
      { ...PLAIN, name: 'short', filter: { failregex: ['one'], ignoreregex: [] }, sources: [{ kind: 'stdin' }] },
      { ...PLAIN, name: 'btmp', filter: 'btmp', sources: [{ kind: 'btmp', path: '/var/log/btmp' }] },
    ],
  });
});

t.test('the filter of a jail is by default called as the jail is', async (t) => {
  t.equal(parseSettings('[jail.sshd]\nlogpath = "/a"', 'FILE').jails[0]?.filter, 'sshd');
});

t.test('three faults in one file are reported at once, in the order of the lines', async (t) => {
  const text = `[jail.sshd]
maxretry = "five"
bantme = "1h"

[backend]
# size of each set
size = 12

[jail.web]
logpath = [ "/var/log/web.log",
  "web.log" ]
`;
  t.strictSame(faults(text), [
    'FILE:1: jail.sshd: has no source; expected one of the keys logpath, journal, journalmatch, btmp, syslog',
    'FILE:2: jail.sshd.maxretry: found "five"; expected a whole number from 1 to 10000',
    "FILE:3: jail.sshd.bantme: unknown; did you mean 'bantime'?",
    'FILE:7: backend.size: found 12; expected a whole number from 1024 to 16777216',
    'FILE:11: jail.web.logpath: found "web.log"; expected the absolute path of a log',
  ]);
});

t.test('a jail that is not enabled is validated too', async (t) => {
  t.strictSame(faults('[jail.a]\nenabled = false\nlogpath = "/a"\nmaxretry = 0'), [
    'FILE:4: jail.a.maxretry: found 0; expected a whole number from 1 to 10000',
  ]);
});

t.test('text that is no TOML', async (t) => {
  const table: [string, string][] = [
    ['a = ', 'FILE:1:5: invalid value'],
    ['[a]\nb = 1\nb = 2', 'FILE:3:1: trying to redefine an already defined table or value'],
    ['[never]\n[never]', 'FILE:2:2: trying to redefine an already defined table or value'],
    ['[backend]\nsize = 99999999999999999999', 'FILE:2:8: integer value cannot be represented losslessly'],
  ];
  for (const [text, message] of table) t.strictSame(faults(text), [message], JSON.stringify(text));
  const deep = faults(`a = ${'['.repeat(100_000)}`);
  t.equal(deep.length, 1, 'no extract, and no overflow of the stack');
  t.match(deep[0], /^FILE:1:\d+: .*nested/);
});

t.test('a file from the disk', async (t) => {
  const path = join(t.testdir(), 'dropset.toml');
  writeFileSync(path, '[jail.a]\nfailregex = "^<HOST>$"\nlogpath = "/a"\n');
  t.match(loadConfig(path), { jails: [{ name: 'a', origin: 'dropset.toml', filter: { name: 'a' } }], notes: [] });
  writeFileSync(path, 'x = 1');
  t.throws(() => loadConfig(path), { code: 'config', message: new RegExp(`^${path}:1: x: unknown`) });
  writeFileSync(path, '[jail.a]\nfilter = "nonsense"\nlogpath = "/a"\n');
  t.throws(() => loadConfig(path), { code: 'filter', message: /nonsense/ });
  t.throws(() => loadConfig(`${path}.old`), { code: 'config', message: /no such file/ });
});
