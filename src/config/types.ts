import type { FilterDefinition } from '../model/definition.js';
import type { Escalation } from '../model/escalation.js';
import type { Level } from '../model/events.js';
import type { Family, Prefix } from '../model/prefix.js';
import type { Ports } from '../model/scope.js';
import type { SiegeTerms } from '../model/siege.js';
import type { Endpoint } from './endpoint.js';
import type { Mode } from './scope.js';

/** What dropset.toml says, validated, every default filled in. Nothing that it names has been read. */
export interface Settings {
  readonly service: ServiceConfig;
  readonly log: LogConfig;
  readonly backend: BackendConfig;
  /** What bans go to; at least one, each once. The kernel's answer that commands wait for is the first one's. */
  readonly backends: readonly BackendChoice[];
  readonly metrics: MetricsConfig;
  readonly never: NeverConfig;
  readonly guard: GuardConfig;
  readonly fail2ban: Fail2banSettings | undefined;
  /** What is counted and banned, where a jail does not say otherwise. */
  readonly prefix: PrefixLengths;
  /** The enabled jails. */
  readonly jails: readonly JailSettings[];
  readonly hooks: readonly HookConfig[];
}

/** All that the service needs to know: the settings, and what they name. */
export interface Config {
  readonly service: ServiceConfig;
  readonly log: LogConfig;
  readonly backend: BackendConfig;
  /** What bans go to; at least one, each once. The kernel's answer that commands wait for is the first one's. */
  readonly backends: readonly BackendChoice[];
  readonly metrics: MetricsConfig;
  readonly never: NeverConfig;
  readonly guard: GuardConfig;
  readonly jails: readonly JailConfig[];
  readonly hooks: readonly HookConfig[];
  /** Sentences about what an operator may expect and dropset does not do: a jail left out, an action that is not run. */
  readonly notes: readonly string[];
  /** What was read; absent where it was no file. */
  readonly file?: ConfigFile;
}

/** dropset.toml as it was read. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

export interface Fail2banSettings {
  /** Absolute path of a tree as /etc/fail2ban. */
  readonly directory: string;
  /** Whether its jails ban all traffic, or the ports that their actions name. */
  readonly scope: 'all' | 'ports';
}

/** A jail of dropset.toml: what it names has not been read. */
export interface JailSettings extends Omit<JailConfig, 'origin' | 'filter' | 'scope' | 'prefix'> {
  readonly prefix?: Partial<PrefixLengths>;
  /** None is all traffic. */
  readonly ports: readonly Ports[];
  /** As the service's where absent. */
  readonly mode?: Mode;
  /** A filter with its options, the absolute path of one, or its patterns in place. */
  readonly filter: string | InlineFilter;
  /** In place of the filter's own. */
  readonly datepattern?: string;
  readonly maxlines?: number;
  /** Read in place of `sources`, which are its preset's, where none of their files is there. */
  readonly fallback?: JournalSource;
}

/** Patterns that the configuration itself holds. They are not compiled yet: the filters' room does that. */
export interface InlineFilter {
  readonly prefregex?: string;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
}

export interface ServiceConfig {
  /** Absolute path of the directory that the ledger lives in. */
  readonly state: string;
  /** Absolute path of the control socket; at most 107 bytes. */
  readonly socket: string;
  /** A group whose members may use the socket too. */
  readonly group?: string | undefined;
  /** Bytes of a log line that are read; what is longer is cut, and told. */
  readonly maxLine: number;
  /** Milliseconds that bans which are over are remembered for. */
  readonly history: number;
  /** Milliseconds between two audits; null for never. */
  readonly audit: number | null;
  /** What becomes of whom jails ban that do not say it. */
  readonly mode: Mode;
}

/** How what happens is written down, an event a line. */
export interface LogConfig {
  readonly format: 'text' | 'json';
  /** The least that is written. `debug` writes each of many bans too. */
  readonly level: Level;
  /** Whether and where the kernel logs packets that it drops: its own log, or a group of nfnetlink_log. */
  readonly dropped: 'off' | 'kernel' | number;
  /** In front of such a line. */
  readonly prefix: string;
  /** Such packets a minute, and at once. */
  readonly rate: number;
  readonly burst: number;
}

export type BackendKind = 'nftables' | 'xdp' | 'route' | 'denyfile' | 'memory';

/** One of those that bans go to. */
export interface BackendChoice {
  /** As jails name it: its kind, or `denyfile.NAME`. */
  readonly name: string;
  readonly kind: BackendKind;
  /** Of `denyfile`. */
  readonly file?: DenyfileConfig;
}

/** A file that says who is denied. */
export interface DenyfileConfig {
  readonly format: 'nginx' | 'nginx-geo' | 'apache24' | 'apache22' | 'rewritemap' | 'haproxy' | 'plain';
  readonly path: string;
  /** A program and its words. */
  readonly check?: readonly string[] | undefined;
  readonly reload?: readonly string[] | undefined;
  /** Milliseconds between two writings. */
  readonly interval: number;
}

export interface BackendConfig {
  /** The first one's. */
  readonly kind: BackendKind;
  /** Name of the nftables table. */
  readonly table: string;
  readonly hook: 'prerouting' | 'input';
  /** Of the base chain: lower ones see a packet first. */
  readonly priority: number;
  /** Of `nftables`: whether nobody else shall be able to change the table, where the kernel can (6.9). */
  readonly own: boolean;
  /** Whether the kernel counts packets and bytes for each element. */
  readonly elementCounters: boolean;
  /**
   * Whether replies to connections that this host opened pass, though who sends them is banned, as far as connections are tracked; `tcp`:
   * all TCP segments that open no connection.
   */
  readonly spareReplies: boolean | 'tcp';
  /** Elements that each set can hold. */
  readonly size: number;
  /** Of `xdp`: names of interfaces, `*` and `?` wild; or those that a default route leaves by. */
  readonly interfaces: 'auto' | readonly string[];
  readonly mode: 'auto' | 'native' | 'generic';
  /** Of `xdp`: absolute path of a folder on a BPF file system. */
  readonly pins: string;
  /** Of `route`: number of the routing table. */
  readonly routeTable: number;
}

/** What is called when somebody is banned, or no longer. */
export interface HookConfig {
  readonly name: string;
  readonly target: ProgramTarget | WebhookTarget;
  /** Names of events. */
  readonly events: readonly string[];
  /** Names of jails, or `*` for all, bans by hand included. */
  readonly jails: readonly string[];
  /** Milliseconds: that a call may take, and from the begin of one call to that of the next at least. */
  readonly timeout: number;
  readonly pause: number;
  /** Events that a call is told at most, and that wait at most. */
  readonly batch: number;
  readonly queue: number;
}

export interface ProgramTarget {
  readonly kind: 'program';
  /** Absolute. */
  readonly path: string;
  readonly arguments: readonly string[];
}

export interface WebhookTarget {
  readonly kind: 'webhook';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absolute paths of the files that hold a header's text, by its name. */
  readonly headerFiles: Readonly<Record<string, string>>;
  /** Milliseconds after which a call is tried no more. */
  readonly giveUp: number;
}

export interface MetricsConfig {
  /** Where they can be read by HTTP, beside the control socket. */
  readonly listen?: Endpoint | undefined;
}

export interface NeverConfig {
  /** Never banned, whatever the logs say. */
  readonly addresses: readonly Prefix[];
  /** Names of hosts that are never banned: they are looked up. */
  readonly names: readonly string[];
  /** Absolute paths of files that list addresses, prefixes and names. */
  readonly files: readonly string[];
  /** Milliseconds after which names are looked up again. */
  readonly refresh: number;
  /** Login names whose failures do not count, within bounds. */
  readonly users: readonly string[];
}

/** What a ban is refused for unless it is forced. */
export interface GuardConfig {
  /** Whoever has an established TCP connection to one of these ports of the machine would be cut off. */
  readonly ports: readonly number[];
  /** The shortest lengths of prefixes. */
  readonly widest: { readonly 4: number; readonly 6: number };
}

/** By family; 32 and 128 are single addresses. */
export type PrefixLengths = Readonly<Record<Family, number>>;

/** One jail, everything filled in. A plain value: it is handed to another thread. */
export interface JailConfig {
  readonly name: string;
  /** Where the jail is from: `dropset.toml`, or a file of a fail2ban tree and its line, as `/etc/fail2ban/jail.conf:280`. */
  readonly origin: string;
  /** Whose settings it has where its own section says nothing. */
  readonly preset?: string;
  readonly filter: FilterDefinition;
  /** At least one, unless it counts bans. */
  readonly sources: readonly SourceConfig[];
  /** Failures within `findtime` that make a ban. */
  readonly maxretry: number;
  /** Milliseconds. */
  readonly findtime: number;
  /** Milliseconds; null is for ever. */
  readonly bantime: number | null;
  /** Lengths of the prefixes that are counted and banned in place of their addresses, where nobody in them is never banned. */
  readonly prefix?: PrefixLengths;
  /** Of one prefix each address counts once within `findtime`, and the prefix is banned or nobody. */
  readonly distinct?: boolean;
  /** How bans grow for who was banned before; absent where each lasts `bantime`. */
  readonly escalation?: Escalation;
  /** Names of the backends that its bans go to; all where absent. */
  readonly backends?: readonly string[];
  /** Its bans last longer as long as packets come, so many milliseconds from their beginning at most; absent: they end. */
  readonly extend?: { readonly atMost: number };
  /** When one failure is enough of who has not been seen to log in; never where absent. */
  readonly siege?: SiegeTerms;
  /** What a login looks like in this jail's lines, in place of dropset's own expressions. */
  readonly successregex?: readonly string[];
  /** It counts bans of these jails (`*`: of all others) in place of failures, and has no sources. */
  readonly recidive?: readonly string[];
  /** What becomes of a host name in place of an address: `no` finds none, `raw` counts it, the others resolve it. */
  readonly usedns: UseDns;
  /** A label of the WHATWG Encoding Standard. */
  readonly encoding: string;
  /** `logtimezone`: what dates without a zone are in; the system's zone where absent. */
  readonly timezone?: string;
  /** Never banned by this jail: addresses, prefixes, host names, and `file:PATH` for a list of them. */
  readonly ignoreip: readonly string[];
  /** Login names whose failures this jail does not count, within bounds. */
  readonly ignoreuser?: readonly string[];
  /** Whether the machine's own addresses are never banned by this jail. */
  readonly ignoreself: boolean;
  /**
   * Prefixes of proxies that this service is behind: who they say that they forward for is to blame in their place (X-Forwarded-For, as the
   * filter's `<F-FORWARDED>`). Never banned by this jail themselves.
   */
  readonly trustedProxies?: readonly string[];
  /** Asked by a shell before a ban, `<ip>` replaced: exit code 0 spares the address. */
  readonly ignorecommand?: string;
  /** Which packets its bans are about, as the canonical text of a scope: `all`, `tcp/22`, `observe`. */
  readonly scope: string;
}

export type UseDns = 'yes' | 'warn' | 'no' | 'raw';

export type SourceConfig = FileSource | JournalSource | UtmpSource | SyslogSource | StdinSource;

/** Files, and named pipes. */
export interface FileSource {
  readonly kind: 'file';
  /** An absolute path, in which `*`, `?` and `[..]` are wild. */
  readonly pattern: string;
  /** Where a file that is there already is begun: at its end, or at its first line that is not older than findtime. */
  readonly start: 'end' | 'since';
}

export interface JournalSource {
  readonly kind: 'journal';
  /** Sets of matches as `journalmatch` has them; none is the whole journal. */
  readonly matches: readonly string[];
  readonly directory?: string;
  readonly files?: readonly string[];
  readonly namespace?: string;
}

/** Records of logins: btmp, wtmp. */
export interface UtmpSource {
  readonly kind: 'btmp';
  readonly path: string;
}

export interface SyslogSource {
  readonly kind: 'syslog';
  /** `udp://127.0.0.1:5514`, `tcp://[::1]:601`, `unix:///run/dropset/log`. */
  readonly listen: string;
}

export interface StdinSource {
  readonly kind: 'stdin';
}
