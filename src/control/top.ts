/** What is being dropped, now: what `dropset top` shows. Times are ISO 8601 in UTC. */
export interface Top {
  readonly time: string;
  /** Since somebody looked before, whom rates are counted from; null at the first look. */
  readonly seconds: number | null;
  readonly dropped: Volume;
  /** A second, since then; null at the first look. */
  readonly rate: Volume | null;
  /** Live bans in the ledger. */
  readonly bans: number;
  /** Elements in the kernel; null where it does not tell (before 6.17). */
  readonly elements: number | null;
  /** How many elements were looked up for this: the newest bans, those that were seen to drop, and some in turn. */
  readonly looked: number;
  /** Of those that were looked up, whose packets are dropped most; at most 50. */
  readonly busiest: readonly BusyAddress[];
  /** Since the service started, the newest first; at most 50. */
  readonly newest: readonly NewBan[];
  /** Counts since the service started. */
  readonly jails: readonly {
    readonly name: string;
    readonly lines: number;
    readonly failures: number;
    readonly bans: number;
  }[];
}

export interface Volume {
  readonly packets: number;
  readonly bytes: number;
}

export interface BusyAddress {
  readonly address: string;
  /** Dropped since it was banned. */
  readonly packets: number;
  readonly bytes: number;
  /** Packets a second since it was looked up before; null at the first time. */
  readonly rate: number | null;
  readonly bans: readonly { readonly jail: string; readonly until: string | null }[];
}

export interface NewBan {
  readonly address: string;
  readonly jail: string;
  readonly reason: string;
  readonly since: string;
  readonly until: string | null;
}
