import type { Prefix } from '../model/prefix.js';

/** What dropset.toml says, validated, every default filled in. */
export interface Config {
  readonly service: ServiceConfig;
  readonly backend: BackendConfig;
  readonly never: NeverConfig;
  /** The enabled jails. */
  readonly jails: readonly JailConfig[];
}

export interface ServiceConfig {
  /** Absolute path of the directory that the ledger lives in. */
  readonly state: string;
  /** Absolute path of the control socket; at most 107 bytes. */
  readonly socket: string;
}

export interface BackendConfig {
  readonly kind: 'nftables' | 'memory';
  /** Name of the nftables table. */
  readonly table: string;
  readonly hook: 'prerouting' | 'input';
  /** Of the base chain: lower ones see a packet first. */
  readonly priority: number;
  /** Whether the kernel counts packets and bytes for each element. */
  readonly elementCounters: boolean;
  /** Elements that each set can hold. */
  readonly size: number;
}

export interface NeverConfig {
  /** Never banned, whatever the logs say. */
  readonly addresses: readonly Prefix[];
}

export interface JailConfig {
  readonly name: string;
  /** A filter's name, the absolute path of one, or its patterns in place. */
  readonly filter: string | InlineFilter;
  /** Absolute paths, without repeats; at least one. */
  readonly logpaths: readonly string[];
  /** Failures within `findtime` that make a ban. */
  readonly maxretry: number;
  /** Milliseconds. */
  readonly findtime: number;
  /** Milliseconds; null is for ever. */
  readonly bantime: number | null;
}

/** Patterns that the configuration itself holds. They are not compiled yet: the filters' room does that. */
export interface InlineFilter {
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
}
