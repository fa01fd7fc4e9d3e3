import type { Prefix } from './prefix.js';

/** What one jail remembers of an address. */
export interface Offences {
  readonly jail: string;
  /** How often it banned the address, those included that began before the first one that is asked for. */
  readonly bans: number;
  /** When the first and the last of these bans began, milliseconds since the epoch; of those between nothing is known. */
  readonly first: number;
  readonly last: number;
}

/** An address or prefix that was banned, live bans and those that are over together. */
export interface Offender {
  readonly prefix: Prefix;
  /** By jail, one of each. */
  readonly offences: readonly Offences[];
  /** Whether a ban of it is live. */
  readonly isBanned: boolean;
}
