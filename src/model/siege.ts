/** When a jail is under siege: many addresses, each too seldom to be banned. Plain values; times in milliseconds. */
export interface SiegeTerms {
  /** More different addresses than so many that fail within `window` are a siege of the jail. */
  readonly offenders: number;
  /** More than so many against one user are a siege of that user. */
  readonly userOffenders: number;
  readonly window: number;
  /** It ends when so long no failure has found as many. */
  readonly calm: number;
}

/** Where nobody says otherwise. */
export const USUAL_SIEGE: SiegeTerms = { offenders: 100, userOffenders: 20, window: 600_000, calm: 1_800_000 };

/** A siege begins or ends. Times are milliseconds since the epoch, by the log's clock. */
export interface SiegeChange {
  readonly state: 'begin' | 'end';
  /** Whose; null where it is one of the whole jail. Attackers chose the name. */
  readonly user: string | null;
  readonly since: number;
  /** When it ended; null at its begin. */
  readonly until: number | null;
  /** Bans of its own so far: of who had failed less than maxretry times. */
  readonly bans: number;
}

/** A siege that lasts, as `status` shows it. */
export interface StandingSiege {
  /** Null: of the whole jail. */
  readonly user: string | null;
  /** ISO 8601. */
  readonly since: string;
  readonly bans: number;
}
