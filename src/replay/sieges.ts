import type { SiegeChange } from '../model/siege.js';

/** A siege as it would have come. */
export interface ReplayedSiege {
  readonly jail: string;
  /** Whose; null where it is one of the whole jail. */
  readonly user: string | null;
  readonly since: number;
  /** Null: the logs end before it does. */
  until: number | null;
  /** Of its own: of who had failed less than maxretry times. */
  bans: number;
}

/** That are kept, some 200 bytes each: attackers choose the names of users. */
const MOST = 10_000;

/** When jails, and users of theirs, would have been under siege. */
export class Sieges {
  /** In the order in which they began. */
  readonly all: ReplayedSiege[] = [];
  /** Sieges beyond the most, which are not among `all`. */
  left = 0;
  readonly #most: number;
  readonly #standing = new Map<string, ReplayedSiege>();

  constructor(most = MOST) {
    this.#most = most;
  }

  change(jail: string, { state, user, since, until, bans }: SiegeChange): void {
    const key = JSON.stringify([jail, user]);
    if (state === 'begin') this.#begin(key, { jail, user, since, until, bans });
    const siege = this.#standing.get(key);
    if (!siege || state === 'begin') return;
    siege.until = until;
    siege.bans = bans;
    this.#standing.delete(key);
  }

  /** How many bans one that lasts has come to. */
  count(jail: string, user: string | null, bans: number): void {
    const siege = this.#standing.get(JSON.stringify([jail, user]));
    if (siege) siege.bans = bans;
  }

  #begin(key: string, siege: ReplayedSiege): void {
    if (this.all.length >= this.#most) {
      this.left++;
      return;
    }
    this.all.push(siege);
    this.#standing.set(key, siege);
  }
}
