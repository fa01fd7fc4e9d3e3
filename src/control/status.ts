import type { HookReport } from '../model/hook-report.js';
import type { JailReport } from '../model/jail-report.js';

export interface ScopeTraffic {
  /** `tcp/22,443`, `observe`, `observe tcp/22`; of several bans of one address the union. */
  readonly scope: string;
  /** Whether its packets pass. */
  readonly observes: boolean;
  /** Names of the jails whose bans have just this scope. */
  readonly jails: readonly string[];
  readonly packets: number;
  readonly bytes: number;
}

/** What the service does and how it is. */
/** One of those that bans go to. */
export interface BackendReport {
  /** As the configuration calls it: `nftables`, `denyfile.NAME`. */
  readonly name: string;
  readonly kind: string;
  /** Null where it does not tell, and while it is not open. */
  readonly elements: number | null;
  /** Changes handed in that are not yet answered, and those that it refused. */
  readonly pending: number;
  readonly refused: number;
  readonly repaired: number;
  readonly audited: string | null;
  /** The routing table that blackholes stand in; null for other backends. */
  readonly routes: { readonly table: number } | null;
  /** The file of denied addresses: when it was written last, whether it is about to be, and why it could not be; null for other backends. */
  readonly file: {
    readonly path: string;
    readonly format: string;
    readonly written: string | null;
    readonly pending: boolean;
    readonly failure: string | null;
  } | null;
  /** Why it is not open, which is tried again; null where it is. */
  readonly failure: string | null;
}

export interface Status {
  readonly version: string;
  /** The kind of the first one. */
  readonly backend: string;
  /** All of them, in the order of the configuration. Figures beside this list are the first one's. */
  readonly backends: readonly BackendReport[];
  /** The nftables table, and whether nobody else can change it; null for other backends. */
  readonly table: string | null;
  readonly owned: boolean | null;
  /** Where the XDP program is attached; null for other backends. */
  readonly interfaces: readonly { readonly name: string; readonly mode: 'native' | 'generic' }[] | null;
  /** Bytes of kernel memory that the backend has taken for good; null where it does not tell. */
  readonly memory: number | null;
  /**
   * What becomes of replies of banned addresses to connections that this host opened: they pass (`tracked`), or all TCP segments that
   * open no connection do (`tcp`); or they are dropped, because that is wanted (`dropped`) or because the kernel tracks no connections
   * here (`untracked`). Null for a backend that drops nothing.
   */
  readonly replies: 'tracked' | 'tcp' | 'dropped' | 'untracked' | null;
  readonly since: string;
  readonly jails: readonly JailReport[];
  /** Live bans in the ledger. */
  readonly bans: number;
  /** Elements in the kernel; null where it does not tell (before 6.17). */
  readonly elements: number | null;
  readonly dropped: { readonly packets: number; readonly bytes: number };
  /** Let through of who is observed: what would have been dropped. Null where nobody ever was. */
  readonly observed: { readonly packets: number; readonly bytes: number } | null;
  /** Of each scope but `all`, since it was first used: what was dropped, or would have been, and the jails that ban so. */
  readonly scopes: readonly ScopeTraffic[];
  readonly lines: number;
  readonly failures: number;
  readonly writer: {
    readonly pending: number;
    readonly batches: number;
    readonly written: number;
    readonly refused: number;
  };
  /** Elements that were written again, because the kernel did not hold what the ledger says. */
  readonly repaired: number;
  /** When the kernel was last compared with the ledger, as a sample or whole; null before the first time. */
  readonly audited: string | null;
  /**
   * Which configuration is in force: that of the file as it was last read (`file`); the same until `until` unless it is confirmed (`trial`); or
   * the one before, since nobody confirmed the file's (`undone`).
   */
  readonly configuration: { readonly state: 'file' | 'trial' | 'undone'; readonly until: string | null };
  /** Bans that end unless they are confirmed, and when the first of them does. */
  readonly unconfirmed: { readonly bans: number; readonly until: string | null };
  readonly hooks: readonly HookReport[];
  /** What is wrong and what to do about it, newest last. */
  readonly problems: readonly string[];
}
