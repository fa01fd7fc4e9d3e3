import type { FilterDefinition } from '../model/definition.js';
import type { JailActions } from './actions.js';
import type { Backend } from './backend.js';
import type { Increment } from './increment.js';

/**
 * A jail of fail2ban's, put together as fail2ban does it (client/jailreader.py), with everything substituted. Plain
 * values.
 */
export interface JailDefinition {
  readonly name: string;
  /** Where its section begins to be about it: `/etc/fail2ban/jail.local:12`, or a path alone. */
  readonly origin: string;
  /** The jail's own expressions instead of the filter's where it has some; `journalmatch` too. */
  readonly filter: FilterDefinition;
  readonly backend: Backend;
  /** Empty with the backend `systemd`, which fail2ban reads from the journal alone. */
  readonly logpath: readonly LogPath[];
  /** True where a jail without any log file is to be left out quietly. Newer than fail2ban 1.0. */
  readonly skipIfNoLogs: boolean;
  readonly maxretry: number;
  /** Matched lines that are kept for each address. */
  readonly maxmatches: number;
  /** Seconds. */
  readonly findtime: number;
  /** Seconds; below zero for ever. */
  readonly bantime: number;
  readonly increment: Increment;
  readonly usedns: UseDns;
  /** Addresses, prefixes, host names, `file:PATH`, raw identifiers: as written. */
  readonly ignoreip: readonly string[];
  readonly ignoreself: boolean;
  readonly ignorecommand?: string;
  readonly ignorecache?: IgnoreCache;
  /** `auto` for the locale's. */
  readonly logencoding: string;
  readonly logtimezone?: string;
  readonly actions: JailActions;
}

/** Log files by a pattern of Python's `glob` (no `**`), not expanded. */
export interface LogPath {
  readonly pattern: string;
  /** Where reading begins when the file is met for the first time. */
  readonly from: 'head' | 'tail';
}

export type UseDns = 'yes' | 'warn' | 'no' | 'raw';

/** Answers of `ignorecommand` that are kept. */
export interface IgnoreCache {
  /** With tags: `<ip>`, `<F-USER>@<ip-host>`. */
  readonly key: string;
  readonly maxCount: number;
  /** Seconds. */
  readonly maxTime: number;
}
