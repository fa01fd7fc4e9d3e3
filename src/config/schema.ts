import * as z from 'zod';
import { LEVELS } from '../model/events.js';
import { escalation } from './escalation.js';
import {
  absoluteDirectory,
  absoluteFile,
  boundedSpan,
  encoding,
  endpoint,
  flag,
  listOf,
  matching,
  oneOf,
  port,
  prefix,
  prefixOrName,
  span,
  spanOrNever,
  spanWithin,
  wholeNumber,
} from './fields.js';
import { hook } from './hooks.js';
import { portList, protocolList } from './scope.js';
import { siege } from './siege.js';

/** The priorities that nft has names for, in the families inet, ip and ip6. */
const PRIORITIES = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 } as const;

const priorityNames = Object.keys(PRIORITIES) as (keyof typeof PRIORITIES)[];

const priorityText = `a whole number from -2147483648 to 2147483647, or one of ${priorityNames.join(', ')}`;

const priority = z
  .union(
    [
      z
        .int(priorityText)
        .min(-(2 ** 31), priorityText)
        .max(2 ** 31 - 1, priorityText),
      z.enum(priorityNames, priorityText),
    ],
    priorityText,
  )
  .transform((value) => (typeof value === 'string' ? PRIORITIES[value] : value));

// To zod a date is an object, and one in place of a section would be a section that says nothing.
const section = <T extends z.ZodRawShape>(shape: T, expected: string) =>
  z.preprocess((value) => (value instanceof Date ? value.toISOString() : value), z.strictObject(shape, expected));

const NAME = '[A-Za-z0-9][A-Za-z0-9_.-]{0,63}';

const BACKENDS =
  '"nftables", "xdp", "route", "memory", "denyfile" for every [denyfile.NAME], or "denyfile.NAME" for one';

/** What bans go to, by name. */
const backends = listOf(
  matching(new RegExp(`^(?:nftables|xdp|route|memory|denyfile(?:\\.${NAME})?)$`), BACKENDS),
  `a list of ${BACKENDS}`,
  1,
).optional();

const service = section(
  {
    backends,
    state: absoluteDirectory.default('/var/lib/dropset'),
    // The kernel's sun_path has 108 bytes, the last of them zero.
    socket: absoluteFile('an absolute path of at most 107 bytes', 107).default('/run/dropset/dropset.sock'),
    // man useradd(8): what a name may be.
    group: matching(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'the name of a group').optional(),
    // Less than the 1 MiB that files are read in.
    max_line: wholeNumber(1024, 1_048_575).default(65_536),
    history: span.default(180 * 86_400_000),
    audit: spanWithin(1000, 86_400_000, 'a time from "1s" to "1d", or "never"').default(60_000),
    mode: oneOf(['drop', 'observe']).default('drop'),
  },
  'a section [service]',
);

const DROPPED = '"off", "service", "kernel", or the number of a group of nfnetlink_log';

const PREFIX = 'at most 127 characters of ASCII without " and braces, but for {jail} if dropped = "service"';

const log = section(
  {
    format: oneOf(['text', 'json']).default('text'),
    level: oneOf(LEVELS).default('info'),
    dropped: z.union([z.literal(['off', 'service', 'kernel']), wholeNumber(0, 65_535)], DROPPED).default('off'),
    // NF_LOG_PREFIXLEN of linux/netfilter/nf_log.h is 128, the last of them zero; nft could not read a quotation mark.
    prefix: matching(/^(?=.{1,127}$)(?:[ !#-z|~]|\{jail\})+$/, PREFIX).optional(),
    rate: wholeNumber(1, 10_000).default(10),
    burst: wholeNumber(1, 10_000).default(5),
  },
  'a section [log]',
);

const INTERFACES = '"auto", or names of interfaces, in which * and ? are wild';

/** IFNAMSIZ of linux/if.h is 16, the last of them zero; no slash, no space (dev_valid_name). */
const interfaceName = matching(/^[^\s/:\p{Cc}]{1,15}$/u, INTERFACES);

/** The kernel keeps names with a dot for itself in a BPF file system. */
const pinFolder = absoluteDirectory.refine((path) => !path.includes('.'), 'an absolute path without a dot');

const TABLES = 'a whole number from 1 to 4294967295, but not 253, 254 or 255';

/** The kernel has default, main and local (linux/rtnetlink.h). */
const routeTable = z
  .int(TABLES)
  .min(1, TABLES)
  .max(2 ** 32 - 1, TABLES)
  .refine((table) => table < 253 || table > 255, TABLES);

const backend = section(
  {
    kind: oneOf(['nftables', 'xdp', 'route', 'denyfile', 'memory']).default('nftables'),
    table: matching(
      /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/,
      'an nftables name: a letter or _, then letters, digits, _ . or -, at most 64 in all',
    ).default('dropset'),
    hook: oneOf(['prerouting', 'input']).default('prerouting'),
    priority: priority.default(PRIORITIES.raw),
    own: flag.default(true),
    element_counters: flag.default(true),
    spare_replies: z.union([z.boolean(), z.literal('tcp')], 'true, false or "tcp"').default(true),
    size: wholeNumber(1024, 16_777_216).default(1_572_864),
    interfaces: z.union([z.literal('auto'), listOf(interfaceName, INTERFACES, 1)], INTERFACES).default('auto'),
    mode: oneOf(['auto', 'native', 'generic']).default('auto'),
    pins: pinFolder.default('/sys/fs/bpf/dropset'),
    route_table: routeTable.default(213),
  },
  'a section [backend]',
);

const COMMAND = 'a program and its words, as ["systemctl", "reload", "nginx"]';

/** Without a shell: each word is handed over as it is. */
const command = z
  .array(z.string(COMMAND).min(1, COMMAND).max(4096, COMMAND), COMMAND)
  .min(1, COMMAND)
  .max(64, COMMAND)
  .optional();

const INTERVAL = 'a time from "100ms" to "1h"';

/** One file that says who is denied. */
const denyfile = section(
  {
    format: oneOf(['nginx', 'nginx-geo', 'apache24', 'apache22', 'rewritemap', 'haproxy', 'plain']),
    path: absoluteFile('the absolute path of a file'),
    check: command,
    reload: command,
    interval: spanWithin(100, 3_600_000, INTERVAL).pipe(z.number(INTERVAL)).optional(),
  },
  'a section [denyfile.NAME]',
);

const metrics = section({ listen: endpoint.optional() }, 'a section [metrics]');

/** utmp(5) has room for 32 bytes; other directories have longer ones. */
const users = listOf(matching(/^[^\p{Cc}]{1,256}$/u, 'the login name of a user'), 'login names of users', 0);

const never = section(
  {
    addresses: z.array(prefixOrName, 'a list of IP addresses, prefixes and names of hosts').default([]),
    files: listOf(absoluteFile('the absolute path of a list'), 'absolute paths of lists', 0).default([]),
    refresh: boundedSpan(10_000, 86_400_000, 'a time from "10s" to "1d"').default(300_000),
    users: users.default([]),
  },
  'a section [never]',
);

const guard = section(
  {
    ports: z.array(port, 'a list of ports').max(64, 'a list of at most 64 ports').default([22]),
    widest_ipv4: wholeNumber(8, 32).default(16),
    widest_ipv6: wholeNumber(16, 128).default(32),
  },
  'a section [guard]',
);

const pattern = z.string('a regular expression').min(1, 'a regular expression');

const IGNORED = 'an IP address, a prefix, the name of a host, or file:PATH of a list of them';

const PROXIES = 'a list of 1 to 1000 IP addresses and prefixes';

/** Where a jail's lines come from: at least one of these. */
const sources = {
  logpath: listOf(
    z.union([z.literal('-'), absoluteFile('the absolute path of a log')], 'the absolute path of a log'),
    'the absolute path of a log, or a list of at least one',
    1,
  ).optional(),
  journal: flag.optional(),
  journalmatch: listOf(pattern, 'matches of the journal, or a list of them', 1).optional(),
  btmp: z.union([flag, absoluteFile('the absolute path of a file of login records')], 'true, or a path').optional(),
  syslog: listOf(
    matching(
      /^(?:(?:udp|tcp):\/\/(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}|unix:\/\/\/[^\p{Cc}]{1,106})$/u,
      'udp://ADDRESS:PORT, tcp://ADDRESS:PORT or unix:///PATH',
    ),
    'udp://ADDRESS:PORT, tcp://ADDRESS:PORT or unix:///PATH, or a list of them',
    1,
  ).optional(),
};

const lengths = { ipv4: wholeNumber(16, 32), ipv6: wholeNumber(32, 128) };

const prefixes = section({ ipv4: lengths.ipv4.default(32), ipv6: lengths.ipv6.default(64) }, 'a section [prefix]');

const ownPrefixes = section(
  { ipv4: lengths.ipv4.optional(), ipv6: lengths.ipv6.optional() },
  'a table such as { ipv6 = 56 }',
);

/** One jail, without its name. */
export const jail = section(
  {
    enabled: flag.default(true),
    preset: z.string('the name of a preset, as dropset jail list --stock prints them').optional(),
    filter: matching(
      /^(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,63}|\/[^\p{Cc}[]{0,4093}[^/\p{Cc}[])(?:\[.{0,2000}\])*$/su,
      'the name of a filter, or the absolute path of its file; with options, as "sshd[mode=aggressive]"',
    ).optional(),
    prefregex: pattern.optional(),
    failregex: listOf(pattern, 'a regular expression, or a list of at least one', 1).optional(),
    ignoreregex: listOf(pattern, 'a regular expression, or a list of them', 0).optional(),
    datepattern: listOf(z.string('a date pattern'), 'a date pattern, or a list of them', 1).optional(),
    maxlines: wholeNumber(1, 100).optional(),
    ...sources,
    maxretry: wholeNumber(1, 10_000).default(5),
    findtime: span.default(600_000),
    bantime: spanOrNever.default(600_000),
    escalation: escalation.optional(),
    extend_while_active: flag.default(false),
    extend_at_most: span.default(604_800_000),
    siege: siege.optional(),
    successregex: listOf(pattern, 'a regular expression, or a list of at least one', 1).optional(),
    prefix: ownPrefixes.optional(),
    port: portList.optional(),
    protocol: protocolList.optional(),
    mode: oneOf(['drop', 'observe']).optional(),
    backends,
    log: flag.default(true),
    recidive: listOf(
      matching(/^(?:\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/, '"*", or names of jails'),
      '"*", or names of jails',
      1,
    ).optional(),
    usedns: oneOf(['no', 'yes', 'warn', 'raw']).default('no'),
    logencoding: encoding.default('utf-8'),
    logtimezone: matching(/^(?:UTC|GMT|Z)?[+-]?\d{0,2}:?\d{0,2}$/, 'an offset such as "UTC+0200"').optional(),
    ignoreip: listOf(z.string(IGNORED).min(1, IGNORED), `${IGNORED}, or a list of them`, 0).default([]),
    ignoreuser: users.optional(),
    ignoreself: flag.default(true),
    trusted_proxies: z.array(prefix, PROXIES).min(1, PROXIES).max(1000, PROXIES).optional(),
    ignorecommand: z.string('a command for the shell').min(1, 'a command for the shell').optional(),
  },
  'a section [jail.NAME]',
);

const fail2ban = section(
  { directory: absoluteDirectory.default('/etc/fail2ban'), scope: oneOf(['all', 'ports']).default('all') },
  'a section [fail2ban]',
);

/** The whole file. What is inside the jails comes later, jail by jail, so that the faults of all are found. */
export const file = z.strictObject({
  service: service.prefault({}),
  log: log.prefault({}),
  backend: backend.prefault({}),
  metrics: metrics.prefault({}),
  never: never.prefault({}),
  guard: guard.prefault({}),
  prefix: prefixes.prefault({}),
  fail2ban: fail2ban.optional(),
  denyfile: z.record(z.string(), denyfile, 'sections [denyfile.NAME]').default({}),
  jail: z.record(z.string(), z.unknown(), 'sections [jail.NAME]').default({}),
  hook: z.record(z.string(), z.unknown(), 'sections [hook.NAME]').default({}),
});

/** Every section by its name; `denyfile` is one file, `jail` one jail, `hook` one hook, `jail.escalation` and such are what stands in one. */
export const SECTIONS = {
  ...{ service, log, backend, denyfile, metrics, never, guard, prefix: prefixes, fail2ban, jail },
  ...{ 'jail.escalation': escalation, 'jail.siege': siege, 'jail.prefix': ownPrefixes, hook },
} as const;

/** The keys that belong into each section. */
export const KEYS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(SECTIONS).map(([name, { out }]) => [name, Object.keys(out.shape)]),
);
