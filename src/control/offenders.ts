/** Lines of a report where it is not said, and at most. */
export const USUAL_OFFENDERS = 100;
export const MOST_OFFENDERS = 10_000;

/** Of which bans a report is made. */
export interface OffenderQuery {
  /** ISO 8601: of addresses that a jail banned then or later; 30 days ago where absent, 100 years ago at most. */
  readonly since?: string;
  /** Lines, from 1 to 10,000; 100 where absent. */
  readonly limit?: number;
  /** Bans of this jail alone. Those of lists, `list.NAME`, count only if they are asked for so. */
  readonly jail?: string;
  /** Addresses and prefixes that overlap this one. */
  readonly prefix?: string;
  /** `no`: each offender by itself, not by prefixes where they cluster. */
  readonly fold?: 'yes' | 'no';
}

/** Who was banned most, live bans and those that are over together, as far as the history goes back. */
export interface OffenderReport {
  /** When it was made, and since when bans count. */
  readonly time: string;
  readonly since: string;
  readonly sums: {
    /** Addresses and prefixes that were banned, and how many of them are. */
    readonly offenders: number;
    readonly banned: number;
    /** How often, those bans included by which a jail had banned them before. */
    readonly bans: number;
    /** Bans that the timeline counts: of each jail and offender the first and the last since then; when others began is not kept. */
    readonly dated: number;
    /** Offenders that are left out: of the never-list, or the machine's own, its gateways, resolvers and who is logged in. */
    readonly excluded: number;
  };
  /** Bans by when they began. */
  readonly timeline: {
    /** How wide a bucket is. */
    readonly seconds: number;
    readonly buckets: readonly { readonly from: string; readonly bans: number }[];
  };
  /** The 20 jails with the most bans. */
  readonly jails: readonly { readonly jail: string; readonly offenders: number; readonly bans: number }[];
  /** The worst first: by bans, then by who came last. */
  readonly offenders: readonly ReportedOffender[];
}

export interface ReportedOffender {
  /** An address, or a prefix: one that was banned, or one that offenders were folded into. */
  readonly address: string;
  /** Offenders that it stands for. */
  readonly offenders: number;
  readonly bans: number;
  /** At most 16. */
  readonly jails: readonly string[];
  /** When the first and the last of the bans began. */
  readonly first: string;
  readonly last: string;
  /** How many of the offenders are banned. */
  readonly banned: number;
}
