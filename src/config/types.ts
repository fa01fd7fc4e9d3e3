import type { Level } from '../model/events.js';
import type { Prefix } from '../model/prefix.js';
import type { Endpoint } from './endpoint.js';
import type { JailConfig, JailSettings, PrefixLengths } from './jail-config.js';
import type { Mode } from './scope.js';

export type * from './jail-config.js';

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
  /** Who writes down packets that are dropped: nobody, this service, the kernel's own log, or who reads a group of nfnetlink_log. */
  readonly dropped: 'off' | 'service' | 'kernel' | number;
  /** In front of such a line; of this service with `{jail}` where the jail's name is to stand. */
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
