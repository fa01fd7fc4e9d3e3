import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { KEYS } from '../../../src/config/schema.js';

t.test('priorities by number and by the names that nft has', async (t) => {
  const table: [string, number][] = [
    ['"raw"', -300],
    ['"mangle"', -150],
    ['"dstnat"', -100],
    ['"filter"', 0],
    ['"security"', 50],
    ['"srcnat"', 100],
    ['-2147483648', -(2 ** 31)],
    ['+2147483647', 2 ** 31 - 1],
    ['0x10', 16],
  ];
  for (const [text, value] of table) {
    t.equal(parseSettings(`[backend]\npriority = ${text}`, 'FILE').backend.priority, value, text);
  }
});

t.test('the limits themselves are inside', async (t) => {
  const jail = '[jail.a]\nlogpath = "/a"\n';
  for (const text of [
    `[service]\nsocket = "/${'s'.repeat(106)}"`,
    `[service]\nstate = "/"`,
    '[service]\nhistory = "36500d"',
    `[backend]\ntable = "${'t'.repeat(64)}"`,
    '[backend]\nsize = 1024',
    '[backend]\nsize = 16777216',
    `[jail.${'j'.repeat(64)}]\nlogpath = "/a"`,
    '[never]\naddresses = ["office.example", "192.0.2.1"]\nfiles = "/a"\nusers = "alice"\nrefresh = "10s"',
    '[guard]\nports = ["ssh", 2222]\nwidest_ipv4 = 8\nwidest_ipv6 = 128',
    `${jail}ignoreuser = "alice"`,
    `${jail}maxretry = 1`,
    `${jail}maxretry = 10_000`,
    `${jail}bantime = "36500d"`,
    `${jail}failregex = "x"\nignoreregex = []`,
    `${jail}maxlines = 1`,
    `${jail}maxlines = 100`,
    `${jail}ignoreip = []`,
    `${jail}filter = "/${'f'.repeat(4094)}"`,
    `${jail}filter = "${'f'.repeat(64)}[${'o'.repeat(2000)}]"`,
    `[jail.a]\nsyslog = "unix:///${'s'.repeat(106)}"`,
    '[jail.a]\nsyslog = "udp://0.0.0.0:514"',
    '[jail.a]\nbtmp = true',
  ]) {
    t.doesNotThrow(() => parseSettings(text, 'FILE'), text.slice(0, 50));
  }
});

t.test('the keys of each section', async (t) => {
  t.strictSame(
    [...KEYS.keys()],
    [
      'service',
      'log',
      'backend',
      'denyfile',
      'metrics',
      'never',
      'guard',
      'prefix',
      'fail2ban',
      'jail',
      'jail.escalation',
      'jail.siege',
      'jail.prefix',
      'hook',
    ],
  );
  t.strictSame(KEYS.get('service'), ['backends', 'state', 'socket', 'group', 'max_line', 'history', 'audit', 'mode']);
  t.strictSame(KEYS.get('fail2ban'), ['directory', 'scope']);
});

t.test('filters with options', async (t) => {
  for (const filter of [
    'sshd',
    'sshd[mode=aggressive]',
    'sshd[mode=ddos, a="b]"][c=1]',
    '/etc/x/sshd.conf[mode=extra]',
  ]) {
    const [jail] = parseSettings(`[jail.a]\nlogpath = "/a"\nfilter = '${filter}'`, 'FILE').jails;
    t.equal(jail?.filter, filter);
  }
});

t.test('encodings by the name that the Encoding Standard has', async (t) => {
  const table: [string, string][] = [
    ['auto', 'utf-8'],
    ['UTF-8', 'utf-8'],
    ['latin1', 'windows-1252'],
    ['iso-8859-1', 'windows-1252'],
    ['iso-8859-15', 'iso-8859-15'],
    ['koi8-r', 'koi8-r'],
  ];
  for (const [label, name] of table) {
    const [jail] = parseSettings(`[jail.a]\nlogpath = "/a"\nlogencoding = "${label}"`, 'FILE').jails;
    t.equal(jail?.encoding, name, label);
  }
});

t.test('fail2ban is adopted if there is a section of it', async (t) => {
  t.equal(parseSettings('', 'FILE').fail2ban, undefined);
  t.strictSame({ ...parseSettings('[fail2ban]', 'FILE').fail2ban }, { directory: '/etc/fail2ban', scope: 'all' });
  t.strictSame(
    { ...parseSettings('[fail2ban]\ndirectory = "/srv/f2b/"', 'FILE').fail2ban },
    {
      directory: '/srv/f2b',
      scope: 'all',
    },
  );
});
