import type { Status } from './status.js';

/** All there is to know of one address or prefix. */
export interface Explanation {
  /** In canonical form. */
  readonly address: string;
  /** Whether the kernel holds an element of it, or of a prefix that covers it, and drops packets for it. */
  readonly banned: boolean;
  /** The live bans of it, and of prefixes that cover it, the widest first. */
  readonly bans: readonly ExplainedBan[];
  /** What the kernel holds, in the same order. */
  readonly elements: readonly ExplainedElement[];
  /** The prefix whose element stands for that of this address, as long as its bans last; null where there is none. */
  readonly folded: string | null;
  /** How often each jail banned it or a prefix that covers it, the live bans included, as far as it is remembered. */
  readonly past: readonly {
    readonly address: string;
    readonly jail: string;
    readonly bans: number;
    /** When the first and the last of them began. */
    readonly first: string;
    readonly last: string;
  }[];
  /** Why it must never be banned; null where nothing is against it. */
  readonly never: string | null;
  /** Why a ban by hand would be refused unless it is forced; null where nothing is against it. */
  readonly guard: string | null;
  /** What `unban` of this address would do. */
  readonly unban: { readonly lifts: readonly BanName[]; readonly stays: readonly BanName[] };
  readonly backend: string;
  /** The nftables table, and where its chain is hooked; null for other backends. */
  readonly table: { readonly name: string; readonly hook: string; readonly priority: number } | null;
  /** Where the XDP program is attached; null for other backends. */
  readonly interfaces: Status['interfaces'];
}

export interface BanName {
  readonly address: string;
  readonly jail: string;
}

export interface ExplainedBan extends BanName {
  readonly reason: string;
  readonly since: string;
  readonly until: string | null;
  /** As in ListedBan. */
  readonly scope: string;
  /** How often its end was moved because packets still came, and when they were last seen; null where it was not. */
  readonly extended: { readonly times: number; readonly active: string } | null;
  /** The log lines that led to it, as they were written; none for bans by hand. */
  readonly lines: readonly string[];
}

export interface ExplainedElement {
  readonly address: string;
  readonly until: string | null;
  /** Which packets are dropped or observed: the union of its bans' scopes. */
  readonly scope: string;
  /** Dropped, or observed, since it was added; null where elements are not counted. */
  readonly packets: number | null;
  readonly bytes: number | null;
  /** The nftables set that holds it; null for other backends. */
  readonly set: string | null;
}
