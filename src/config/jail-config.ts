import type { FilterDefinition } from '../model/definition.js';
import type { Escalation } from '../model/escalation.js';
import type { Family } from '../model/prefix.js';
import type { Ports } from '../model/scope.js';
import type { SiegeTerms } from '../model/siege.js';
import type { Mode } from './scope.js';

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
  /** Whether packets that its bans drop are written down by `[log] dropped = "service"`; they are where absent. */
  readonly log?: boolean;
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
