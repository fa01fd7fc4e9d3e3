import type { StandingSiege } from './siege.js';

/** How a jail is doing since it was started. */
export interface JailReport {
  readonly name: string;
  readonly filter: string;
  /** As an operator would name them: paths, `journal`, `syslog udp://...`. */
  readonly sources: readonly string[];
  readonly lines: number;
  /** Bytes of its log files that have not been read; null where it reads none. */
  readonly behind: number | null;
  readonly failures: number;
  readonly bans: number;
  /** Failures of addresses that must never be banned. */
  readonly never: number;
  /** Failures that were older than findtime when they were read, or whose ban would have been over. */
  readonly outdated: number;
  /** Lines whose date was ahead, or further back than findtime, when they were written: they counted as now. */
  readonly skewed: number;
  /** Addresses that were forgotten before their time, for want of room. */
  readonly evicted: number;
  /** Matches whose sender was a host name without an address. */
  readonly unresolved: number;
  /** Matches whose sender was no address, as 999.1.1.1, or a piece of one; or stood behind a trusted proxy that did not say who it was. */
  readonly invalid: number;
  /** Matches that ignoreregex took back. */
  readonly ignored: number;
  /** Lines on which an expression ran out of its time. */
  readonly overruns: number;
  /** Sieges that last, the jail's own first, and how many addresses have been seen to log in; null where it does not watch for sieges. */
  readonly siege: { readonly standing: readonly StandingSiege[]; readonly known: number } | null;
}
