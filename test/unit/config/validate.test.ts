import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { messageOf } from '../../../src/model/errors.js';

/** What is said about a text, without `FILE:`. */
function said(text: string): string[] {
  try {
    parseSettings(text, 'FILE');
    return [];
  } catch (error) {
    return messageOf(error)
      .split('\n')
      .map((line) => line.replace(/^FILE:/, ''));
  }
}

const INTERFACES = 'expected "auto", or names of interfaces, in which * and ? are wild';
const NUMBER = 'expected a whole number from';
const TIME = 'expected a time: seconds as a number, or a text such as "10m" or "1h 30m", at most 100 years';
const PREFIX = 'expected an IP address, a prefix such as "192.0.2.0/24", or the name of a host';
const KEYS =
  'enabled, preset, filter, prefregex, failregex, ignoreregex, datepattern, maxlines, logpath, journal, journalmatch, btmp, ' +
  'syslog, maxretry, findtime, bantime, escalation, extend_while_active, extend_at_most, siege, successregex, prefix, port, protocol, mode, backends, log, recidive, usedns, logencoding, logtimezone, ignoreip, ignoreuser, ignoreself, trusted_proxies, ignorecommand';
const SOURCES = 'logpath, journal, journalmatch, btmp, syslog';
const LISTENER = 'expected udp://ADDRESS:PORT, tcp://ADDRESS:PORT or unix:///PATH';
const NAME = 'not the name of a jail; expected a letter or digit, then letters, digits, _ . or -, at most 64 in all';

t.test('every kind of fault', async (t) => {
  const table: [string, string][] = [
    ['[service]\nstate = "var"', '2: service.state: found "var"; expected the absolute path of a directory'],
    [
      `[service]\nstate = "/${'x'.repeat(4095)}"`,
      `2: service.state: found "/${'x'.repeat(59)}..."; expected the absolute path of a directory`,
    ],
    ['[service]\nsocket = "/run/"', '2: service.socket: found "/run/"; expected an absolute path of at most 107 bytes'],
    [
      `[service]\nsocket = "/${'ü'.repeat(54)}"`,
      `2: service.socket: found "/${'ü'.repeat(54)}"; expected an absolute path of at most 107 bytes`,
    ],
    [
      '[backend]\nkind = "ipset"',
      '2: backend.kind: found "ipset"; expected "nftables" or "xdp" or "route" or "denyfile" or "memory"',
    ],
    [
      '[backend]\ntable = "1st"',
      '2: backend.table: found "1st"; expected an nftables name: a letter or _, then letters, digits, _ . or -, at most 64 in all',
    ],
    ['[backend]\nhook = "output"', '2: backend.hook: found "output"; expected "prerouting" or "input"'],
    [
      '[backend]\npriority = 2147483648',
      '2: backend.priority: found 2147483648; expected a whole number from -2147483648 to 2147483647, or one of raw, mangle, dstnat, filter, security, srcnat',
    ],
    ['[service]\naudit = "10ms"', '2: service.audit: found "10ms"; expected a time from "1s" to "1d", or "never"'],
    ['[backend]\nown = 1', '2: backend.own: found 1; expected true or false'],
    ['[backend]\nspare_replies = "udp"', '2: backend.spare_replies: found "udp"; expected true, false or "tcp"'],
    ['[backend]\nelement_counters = "yes"', '2: backend.element_counters: found "yes"; expected true or false'],
    ['[backend]\ninterfaces = "any thing"', `2: backend.interfaces: found "any thing"; ${INTERFACES}`],
    ['[backend]\ninterfaces = []', `2: backend.interfaces: found an empty list; ${INTERFACES}`],
    ['[backend]\ninterfaces = ["a", 1]', `2: backend.interfaces: found a list; ${INTERFACES}`],
    ['[backend]\ninterfaces = "sixteen-long-is-"', `2: backend.interfaces: found "sixteen-long-is-"; ${INTERFACES}`],
    ['[backend]\nmode = "skb"', '2: backend.mode: found "skb"; expected "auto" or "native" or "generic"'],
    [
      '[backend]\npins = "/sys/fs/bpf/a.b"',
      '2: backend.pins: found "/sys/fs/bpf/a.b"; expected an absolute path without a dot',
    ],
    ['[backend]\nsize = 1023', `2: backend.size: found 1023; ${NUMBER} 1024 to 16777216`],
    ['[backend]\nsize = inf', `2: backend.size: found Infinity; ${NUMBER} 1024 to 16777216`],
    [
      '[never]\naddresses = "192.0.2.1"',
      '2: never.addresses: found "192.0.2.1"; expected a list of IP addresses, prefixes and names of hosts',
    ],
    ['[never]\naddresses = [\n"192.0.2.1",\n"192.0.2.300"]', `4: never.addresses: found "192.0.2.300"; ${PREFIX}`],
    ['[never]\naddresses = [[]]', `2: never.addresses: found an empty list; ${PREFIX}`],
    ['[jail.a]', `1: jail.a: has no source; expected one of the keys ${SOURCES}`],
    ['[jail.a]\npreset = "wordpres"', "2: jail.a.preset: no such preset; did you mean 'wordpress'?"],
    [
      '[jail.a]\npreset = "sshd"\ntrusted_proxies = ["proxy.example"]',
      '3: jail.a.trusted_proxies: found "proxy.example"; expected an IP address, or a prefix such as "192.0.2.0/24"',
    ],
    ['[jail.a]\njournal = false', `1: jail.a: has no source; expected one of the keys ${SOURCES}`],
    ['[jail.btmp]\nbtmp = false', `1: jail.btmp: has no source; expected one of the keys ${SOURCES}`],
    [
      '[jail.a]\njournal = false\njournalmatch = "_COMM=a"',
      '1: jail.a: has a journalmatch and journal = false; expected one of them',
    ],
    [
      '[jail.a]\nlogpath = "/a"\njournal = true',
      '1: jail.a: reads files and other sources, whose lines begin differently; expected two jails with the same filter',
    ],
    ['[jail.a]\njournal = "yes"', '2: jail.a.journal: found "yes"; expected true or false'],
    [
      '[jail.a]\njournalmatch = []',
      '2: jail.a.journalmatch: found an empty list; expected matches of the journal, or a list of them',
    ],
    ['[jail.a]\nbtmp = "btmp"', '2: jail.a.btmp: found "btmp"; expected true, or a path'],
    ['[jail.a]\nsyslog = "udp://here"', `2: jail.a.syslog: found "udp://here"; ${LISTENER}`],
    ['[jail.a]\nsyslog = []', `2: jail.a.syslog: found an empty list; ${LISTENER}, or a list of them`],
    ['[jail.a]\nlogpath = "/a"\nmaxlines = 101', `3: jail.a.maxlines: found 101; ${NUMBER} 1 to 100`],
    [
      '[jail.a]\nlogpath = "/a"\nusedns = "maybe"',
      '3: jail.a.usedns: found "maybe"; expected "no" or "yes" or "warn" or "raw"',
    ],
    [
      '[jail.a]\nlogpath = "/a"\nlogencoding = "utf-9"',
      '3: jail.a.logencoding: found "utf-9"; expected the name of an encoding, such as "utf-8" or "iso-8859-1"',
    ],
    [
      '[jail.a]\nlogpath = "/a"\nlogtimezone = "Mars"',
      '3: jail.a.logtimezone: found "Mars"; expected an offset such as "UTC+0200"',
    ],
    [
      '[jail.a]\nlogpath = "/a"\nignoreip = [1]',
      '3: jail.a.ignoreip: found 1; expected an IP address, a prefix, the name of a host, or file:PATH of a list of them',
    ],
    ['[jail.a]\nlogpath = "/a"\nignoreself = 1', '3: jail.a.ignoreself: found 1; expected true or false'],
    [
      '[jail.a]\nlogpath = "/a"\nignorecommand = ""',
      '3: jail.a.ignorecommand: found ""; expected a command for the shell',
    ],
    [
      '[jail.a]\nlogpath = "/a"\nprefregex = "x"',
      "3: jail.a.prefregex: stands without failregex; expected it beside one, or in the filter's file",
    ],
    ['[fail2ban]\ndirectory = "etc"', '2: fail2ban.directory: found "etc"; expected the absolute path of a directory'],
    ['fail2ban = true', '1: fail2ban: found true; expected a section [fail2ban]'],
    [
      '[jail.a]\nlogpath = []',
      '2: jail.a.logpath: found an empty list; expected the absolute path of a log, or a list of at least one',
    ],
    ['[jail.a]\nlogpath = "/var/log/"', '2: jail.a.logpath: found "/var/log/"; expected the absolute path of a log'],
    ['[jail.a]\nlogpath = "/a\\u0000b"', '2: jail.a.logpath: found "/a\\u0000b"; expected the absolute path of a log'],
    ['[jail.a]\nlogpath = "/a"\nenabled = 0', '3: jail.a.enabled: found 0; expected true or false'],
    [
      '[jail.a]\nlogpath = "/a"\nfilter = "../sshd"',
      '3: jail.a.filter: found "../sshd"; expected the name of a filter, or the absolute path of its file; with options, as "sshd[mode=aggressive]"',
    ],
    [
      '[jail.a]\nlogpath = "/a"\nfailregex = [\n"a",\n1]',
      '5: jail.a.failregex: found 1; expected a regular expression',
    ],
    [
      '[jail.a]\nlogpath = "/a"\nfailregex = []',
      '3: jail.a.failregex: found an empty list; expected a regular expression, or a list of at least one',
    ],
    ['[jail.a]\nlogpath = "/a"\nfailregex = ""', '3: jail.a.failregex: found ""; expected a regular expression'],
    [
      '[jail.a]\nlogpath = "/a"\nfilter = "b"\nfailregex = "c"',
      '4: jail.a.failregex: stands beside filter; expected either a filter or a failregex',
    ],
    [
      '[jail.a]\nlogpath = "/a"\nignoreregex = []',
      "3: jail.a.ignoreregex: stands without failregex; expected it beside one, or in the filter's file",
    ],
    ['[jail.a]\nlogpath = "/a"\nmaxretry = 10001', `3: jail.a.maxretry: found 10001; ${NUMBER} 1 to 10000`],
    ['[jail.a]\nlogpath = "/a"\nmaxretry = 1e30', `3: jail.a.maxretry: found 1e+30; ${NUMBER} 1 to 10000`],
    ['[jail.a]\nlogpath = "/a"\nmaxretry = 1.5', `3: jail.a.maxretry: found 1.5; ${NUMBER} 1 to 10000`],
    ['[jail.a]\nlogpath = "/a"\nmaxretry = nan', `3: jail.a.maxretry: found NaN; ${NUMBER} 1 to 10000`],
    ['[jail.a]\nlogpath = "/a"\nfindtime = "soon"', `3: jail.a.findtime: found "soon"; ${TIME}`],
    ['[jail.a]\nlogpath = "/a"\nfindtime = "never"', `3: jail.a.findtime: found "never"; ${TIME}`],
    ['[jail.a]\nlogpath = "/a"\nfindtime = -1', `3: jail.a.findtime: found -1; ${TIME}`],
    ['[jail.a]\nlogpath = "/a"\nfindtime = 07:32:00', `3: jail.a.findtime: found a date or time; ${TIME}`],
    ['[jail.a]\nlogpath = "/a"\nbantime = 0', `3: jail.a.bantime: found 0; ${TIME}; or "never" (or -1)`],
    ['[jail.a]\nlogpath = "/a"\nbantime = {x = 1}', `3: jail.a.bantime: found a section; ${TIME}; or "never" (or -1)`],
    [
      '[jail.manual]\nlogpath = "/a"',
      "1: jail.manual: reserved for people's own bans and for lists; expected another name",
    ],
    ['[jail."a:b"]\nlogpath = "/a"', `1: jail."a:b": ${NAME}`],
    ['[jail.""]\nlogpath = "/a"', `1: jail."": ${NAME}`],
    ['[jail.__proto__]\nlogpath = "/a"', `1: jail.__proto__: ${NAME}`],
    ['[jail.a]\nlogpath = "/a"\nunban = 1', `3: jail.a.unban: unknown; expected one of the keys ${KEYS}`],
    ['[jail.a]\nlogpath = "/a"\nmaxRetries = 1', "3: jail.a.maxRetries: unknown; did you mean 'maxretry'?"],
    ['[backend]\n\nelement-counters = true', "3: backend.element-counters: unknown; did you mean 'element_counters'?"],
    [
      '[backend.x]\ny = 1',
      '1: backend.x: unknown; expected one of the keys kind, table, hook, priority, own, element_counters, spare_replies, size, interfaces, mode, pins, route_table',
    ],
    ['\n[jails.sshd]\nx = 1', "2: jails: unknown; did you mean 'jail'?"],
    [
      '[sshd]\nlogpath = "/a"',
      '1: sshd: unknown; expected one of the sections service, log, backend, denyfile, metrics, never, guard, prefix, fail2ban, jail, hook',
    ],
    [
      '__proto__ = 1',
      '1: __proto__: unknown; expected one of the sections service, log, backend, denyfile, metrics, never, guard, prefix, fail2ban, jail, hook',
    ],
    ['service = 1', '1: service: found 1; expected a section [service]'],
    ['[[never]]\naddresses = []', '1: never: found a list; expected a section [never]'],
    ['jail = 3', '1: jail: found 3; expected sections [jail.NAME]'],
    ['[[jail]]\nname = "a"', '1: jail: found a list; expected sections [jail.NAME]'],
    ['[jail]\n\nsshd = 1979-05-27', '3: jail.sshd: found "1979-05-27"; expected a section [jail.NAME]'],
    ['service = 1979-05-27', '1: service: found "1979-05-27"; expected a section [service]'],
    ['jail = 1979-05-27', '1: jail: found a date or time; expected sections [jail.NAME]'],
    ['[[jail.sshd]]', '1: jail.sshd: found a list; expected a section [jail.NAME]'],
  ];
  for (const [text, sentence] of table) t.strictSame(said(text), [sentence], JSON.stringify(text.slice(0, 60)));
});

t.test('a name that every object inherits is no trap', async (t) => {
  t.strictSame(said('[jail.constructor]\nlogpath = "/a"\n[jail.toString]\nlogpath = "/a"'), []);
  t.match(said('constructor = 1\ntoString = 2'), [/^1: constructor: unknown/, /^2: toString: unknown/]);
});

t.test('a clash is reported beside the other faults of its jail', async (t) => {
  const lines = said('[jail.a]\nfilter = 1\nfailregex = 2\nmaxretry = 1.5');
  t.strictSame(
    lines.map((line) => line.slice(0, 25)),
    [
      '1: jail.a: has no source;',
      '2: jail.a.filter: found 1;',
      '3: jail.a.failregex: found',
      '3: jail.a.failregex: stand',
      '4: jail.a.maxretry: found ',
    ].map((line) => line.slice(0, 25)),
  );
});

t.test('bans that last while packets come need somebody who counts', async (t) => {
  const jail = '[jail.a]\nfailregex = "no <HOST>"\nlogpath = "/a"\nextend_while_active = true\n';
  t.strictSame(said(jail), []);
  t.strictSame(said(`${jail}[backend]\nelement_counters = false`), [
    '4: jail.a.extend_while_active: nobody counts packets; expected element_counters = true in [backend], or false here',
  ]);
  t.strictSame(said(`${jail}[backend]\nkind = "route"`), [
    '4: jail.a.extend_while_active: backend route counts no packets; expected nftables or xdp first, or false here',
  ]);
  t.strictSame(said(`${jail.replace('true', 'false')}[backend]\nelement_counters = false`), []);
  const extend = (text: string) => parseSettings(text, 'FILE').jails[0]?.extend;
  t.same(extend(jail), { atMost: 604_800_000 });
  t.same(extend(`${jail}extend_at_most = "1h"`), { atMost: 3_600_000 });
  t.equal(extend(jail.replace('true', 'false')), undefined);
});
