import type { SiegeChange, SiegeTerms, StandingSiege } from '../model/siege.js';
import { Logins } from './logins.js';
import { Offenders } from './offenders.js';
import { Targets, targetOf } from './targets.js';

/** Users whose sieges last at a time; of more, only the jail's own would be told apart from noise. */
const MOST_USERS = 100;

/** Milliseconds after which it is worth writing down once more that a siege lasts. */
const AGAIN = 60_000;

/** One that lasts. */
interface Standing {
  readonly since: number;
  /** When it was last as bad. */
  last: number;
  /** What of that was written down. */
  kept: number;
  bans: number;
}

/** Who is told what a siege comes to. */
export interface SiegeListener {
  readonly onChange: (change: SiegeChange) => void;
  /**
   * Told what a later life has to know, to be handed to `restore`.
   *
   * @param key an address that has logged in; or whose siege lasts, '' for the jail's. @param time negative where the siege is over.
   */
  readonly onKeep: (what: Kept, key: string, time: number) => void;
}

export type Kept = 'logins' | 'siege';

/** The siege of a whole jail, among those of users: no login name is empty. */
const JAIL = '';

/**
 * Whether a jail is under siege, or one of its users: many addresses fail, each too seldom to be banned. While it lasts, one failure is
 * enough of who is not known: has not been seen to log in. Who has is no offender either. It begins with the failure of one address too many, and ends
 * when for `calm` no failure has found as many.
 */
export class Siege {
  readonly #terms: SiegeTerms;
  readonly #listener: SiegeListener;
  readonly #logins = new Logins();
  readonly #offenders: Offenders;
  readonly #targets: Targets;
  readonly #standing = new Map<string, Standing>();

  constructor(terms: SiegeTerms, listener: SiegeListener) {
    this.#terms = terms;
    this.#listener = listener;
    this.#offenders = new Offenders(terms.window, terms.offenders);
    this.#targets = new Targets(terms.window, terms.userOffenders);
  }

  /** Those that last, the jail's first. */
  get standing(): StandingSiege[] {
    return [...this.#standing]
      .sort(([one], [other]) => Number(other === JAIL) - Number(one === JAIL))
      .map(([key, { since, bans }]) => ({ user: key || null, since: new Date(since).toISOString(), bans }));
  }

  /** Addresses that have been seen to log in. */
  get known(): number {
    return this.#logins.size;
  }

  login(address: string, time: number): void {
    if (this.#logins.add(address, time)) this.#listener.onKeep('logins', address, time);
  }

  knows(address: string): boolean {
    return this.#logins.has(address);
  }

  /**
   * A failure counts of who is not known. Answers the siege by which one is enough: '' for the jail's, or a user's name; undefined for none.
   *
   * @param address is kept as it is: no piece of a line.
   */
  see(address: string, user: string | undefined, time: number): string | undefined {
    this.settle(time);
    if (this.#offenders.add(address, time)) this.#hold(JAIL, time);
    const target = user ? targetOf(user) : undefined;
    if (target !== undefined && this.#targets.add(target, address, time)) this.#holdUser(target, time);
    if (this.#standing.has(JAIL)) return JAIL;
    return target !== undefined && this.#standing.has(target) ? target : undefined;
  }

  /** A ban came of one failure less than maxretry. @param key as `see` answered. */
  banned(key: string): void {
    const siege = this.#standing.get(key);
    if (siege) siege.bans++;
  }

  /** Ends what is over at a time. */
  settle(now: number): void {
    for (const [key, { last }] of this.#standing) {
      if (now - last > this.#terms.calm) this.#end(key, last + this.#terms.calm);
    }
  }

  /** Ends all: the jail is gone, or does not watch for sieges any more. */
  lift(now: number): void {
    for (const key of [...this.#standing.keys()]) this.#end(key, now);
  }

  /** Goes on where another one has come to, which is at an end with this. */
  inherit(before: Siege): void {
    const logins = before.#logins.all;
    for (let at = 0; at < logins.length; at += 2) this.#logins.add(logins[at] as string, logins[at + 1] as number);
    for (const [key, siege] of before.#standing) this.#standing.set(key, siege);
  }

  /** All that a later life has to know: key, time, key, time. */
  kept(what: Kept): (string | number)[] {
    if (what === 'logins') return this.#logins.all;
    return [...this.#standing].flatMap(([key, { since, last }]) => [key, since, key, last]);
  }

  /** Takes over what an earlier life told by `onKeep`, in that order, or by `kept`. */
  restore(what: Kept, key: string, time: number): void {
    if (what === 'logins') this.#logins.add(key, time);
    else if (time < 0) this.#standing.delete(key);
    else if (this.#standing.size <= MOST_USERS) {
      const { since = time, bans = 0 } = this.#standing.get(key) ?? {};
      this.#standing.set(key, { since, last: time, kept: time, bans });
    }
  }

  /** While the whole jail is under siege, one of a user changes nothing: it begins when that is over. */
  #holdUser(user: string, time: number): void {
    const isRoom = !this.#standing.has(JAIL) && this.#standing.size < MOST_USERS;
    if (isRoom || this.#standing.has(user)) this.#hold(user, time);
  }

  /** It begins, or is as bad as ever. */
  #hold(key: string, time: number): void {
    const siege = this.#standing.get(key);
    if (!siege) {
      this.#standing.set(key, { since: time, last: time, kept: time, bans: 0 });
      this.#listener.onKeep('siege', key, time);
      this.#listener.onChange({ state: 'begin', user: key || null, since: time, until: null, bans: 0 });
      return;
    }
    siege.last = Math.max(siege.last, time);
    if (siege.last - siege.kept < AGAIN) return;
    siege.kept = siege.last;
    this.#listener.onKeep('siege', key, siege.last);
  }

  #end(key: string, until: number): void {
    const { since, bans } = this.#standing.get(key) as Standing;
    this.#standing.delete(key);
    this.#listener.onKeep('siege', key, -until);
    this.#listener.onChange({ state: 'end', user: key || null, since, until, bans });
  }
}
