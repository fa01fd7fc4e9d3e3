import type { Clock } from '../model/clock.js';
import { type Family, Prefix } from '../model/prefix.js';
import type { SiegeTerms } from '../model/siege.js';
import type { BanVerdict, Failure } from '../model/street.js';
import { copied } from './copied.js';
import { Distinct } from './distinct.js';
import { Failures } from './failures.js';
import { GoodUsers } from './good-users.js';
import { Lines } from './lines.js';
import { reasonOf, siegeReasonOf, spanOf } from './reason.js';
import { Siege, type SiegeListener } from './siege.js';

export interface JailSettings {
  readonly name: string;
  /** Failures that are enough, 1 or more. */
  readonly maxretry: number;
  /** Milliseconds within which they must lie, by the log's clock. */
  readonly findtime: number;
  /** Milliseconds that a ban lasts, counted from the last failure; null for ever. */
  readonly bantime: number | null;
  /** Lengths of the prefixes that are counted and banned in place of longer ones; addresses as they are where absent. */
  readonly prefix?: Readonly<Record<Family, number>>;
  /** Of one prefix each address counts once within findtime, and the prefix is banned or nobody. */
  readonly distinct?: boolean;
  /** Addresses that are remembered; 1,500,000 where absent. */
  readonly capacity?: number;
  /** It counts bans of these jails in place of failures: `*` for all others. */
  readonly recidive?: readonly string[];
  /** Login names whose failures do not count: at most maxretry of an address within findtime. */
  readonly ignoreuser?: readonly string[];
  /** When one failure is enough of who has not been seen to log in; never where absent. */
  readonly siege?: SiegeTerms;
}

/** Addresses whose counts are written down as a whole: some 40 bytes each, a few times in a flood of millions. */
const MOST_OPEN = 200_000;

/** Who is never banned: the sentence that says why, or undefined. */
export interface Exemptions {
  refusal(prefix: Prefix): string | undefined;
  /** Of tools that count them all the same: whether a never-rule covers it, so that it is no part of a siege. */
  isNever?(prefix: Prefix): boolean;
}

/** What a jail tells beside its verdicts. */
export interface JailListener extends SiegeListener {
  /** Told each failure that counts. */
  readonly onCount: (address: string, time: number) => void;
  /** Told that a siege's ban has used up those of an address, up to then. */
  readonly onUsed: (address: string, time: number) => void;
}

const NOBODY: JailListener = {
  onCount: () => undefined,
  onUsed: () => undefined,
  onChange: () => undefined,
  onKeep: () => undefined,
};

/** Longer than any prefix. */
const LONGEST_PREFIX = 64;

/** Counts failures and says when it is enough. Knows nothing of how a ban is done. */
export class Jail {
  readonly settings: JailSettings;
  readonly #never: Exemptions;
  readonly #clock: Clock;
  readonly #listener: JailListener;
  /** Undefined where it does not watch for sieges. */
  readonly siege: Siege | undefined;
  readonly #failures: Failures;
  readonly #users: GoodUsers;
  readonly #distinct: Distinct | undefined;
  #lines: Lines;
  #sum = 0;
  #bans = 0;
  #ignored = 0;
  #outdated = 0;
  /** By those that it goes on for. */
  #evicted = 0;

  constructor(settings: JailSettings, never: Exemptions, clock: Clock, listener: Partial<JailListener> = {}) {
    this.settings = settings;
    this.#never = never;
    this.#clock = clock;
    this.#listener = { ...NOBODY, ...listener };
    this.siege = settings.siege && new Siege(settings.siege, this.#listener);
    this.#failures = new Failures(settings.maxretry, settings.findtime, settings.capacity);
    this.#lines = new Lines(settings.maxretry);
    this.#distinct = settings.distinct ? new Distinct(settings.findtime) : undefined;
    this.#users = new GoodUsers(settings.ignoreuser ?? [], settings.maxretry, settings.findtime);
  }

  /** Failures that counted. */
  get failures(): number {
    return this.#sum;
  }

  get bans(): number {
    return this.#bans;
  }

  /** Failures of addresses that are never banned, and of good users. */
  get ignored(): number {
    return this.#ignored;
  }

  /** Failures that were older than findtime when they came, or whose ban would have been over. */
  get outdated(): number {
    return this.#outdated;
  }

  /** Addresses with failures that are remembered, and those forgotten before their time for want of room. */
  get remembered(): number {
    return this.#failures.size;
  }

  get evicted(): number {
    return this.#evicted + this.#failures.evicted;
  }

  /** Failures that no ban has used up: address, time, address, time; of 200,000 addresses at most, those that failed again first. */
  get open(): (string | number)[] {
    return this.#failures.all(MOST_OPEN);
  }

  /** Takes a failure over that was counted before, by an earlier life: what it led to has been said. */
  restore(address: string, time: number): void {
    const given = this.#distinct && Prefix.tryParse(address);
    const wide = given && this.#widened(given);
    if (!given || !wide || wide === given) this.#failures.add(address, time);
    else if (this.#distinct?.isNew(address, time)) this.#failures.add(wide.text, time);
  }

  /** Takes over that a siege's ban has used up those of an address. */
  restoreUsed(address: string, time: number): void {
    this.#failures.take(address, time);
  }

  /** Goes on where a jail with other settings, or another filter, has come to. */
  inherit(before: Jail): void {
    this.#failures.inherit(before.#failures.all());
    this.#lines = before.#lines.resized(this.settings.maxretry);
    this.#sum += before.#sum;
    this.#bans += before.#bans;
    this.#ignored += before.#ignored;
    this.#outdated += before.#outdated;
    this.#evicted += before.evicted;
    if (before.siege && this.siege) this.siege.inherit(before.siege);
    else before.retire();
  }

  /** Nobody goes on for it. */
  retire(): void {
    this.siege?.lift(this.#clock());
  }

  /** Somebody has logged in from there. */
  login(prefix: Prefix, time: number): void {
    this.siege?.login(copied(this.#widened(prefix).text, LONGEST_PREFIX), time);
  }

  /** Counts a failure; the verdict if it was the last straw. The address's failures are then forgotten. */
  consider(failure: Failure): BanVerdict | undefined {
    const prefix = this.#counted(failure.prefix);
    if (!prefix) {
      this.#ignored++;
      return undefined;
    }
    if (failure.time < this.#clock() - this.settings.findtime) {
      this.#outdated++;
      return undefined;
    }
    if (this.#users.spares(failure.user, prefix.text, failure.time)) {
      this.#ignored++;
      return undefined;
    }
    if (this.#distinct && !this.#distinct.isNew(failure.prefix.text, failure.time)) return undefined;
    this.#sum++;
    this.#listener.onCount(this.#distinct ? failure.prefix.text : prefix.text, failure.time);
    this.#lines.add(prefix.text, failure.line.text);
    const reason = this.#besieged(failure, prefix) ?? this.#enough(failure, prefix);
    return reason === undefined ? undefined : this.#verdict({ ...failure, prefix }, reason);
  }

  /** Counts a failure; why it was the last straw, if it was. */
  #enough({ time, line }: Failure, { text }: Prefix): string | undefined {
    const span = this.#failures.add(text, time);
    const { maxretry, recidive } = this.settings;
    return span === undefined ? undefined : reasonOf(maxretry, span, line.text, recidive ? 'ban' : 'failure');
  }

  /** Why one failure is enough, if it is: of who has not been seen to log in, while the jail is under siege. */
  #besieged({ prefix: failed, user, time, line }: Failure, prefix: Prefix): string | undefined {
    const { siege } = this;
    if (!siege || this.#never.isNever?.(failed) || siege.knows(this.#widened(failed).text)) return undefined;
    const address = copied(prefix.text, LONGEST_PREFIX);
    const key = siege.see(address, user, time);
    if (key === undefined) return undefined;
    const times = this.#failures.take(address, time);
    this.#listener.onUsed(address, time);
    if (times.length >= this.settings.maxretry) return reasonOf(times.length, spanOf(times), line.text);
    siege.banned(key);
    return siegeReasonOf(times, line.text, key);
  }

  /** Whom a failure counts for: the prefix, unless that has somebody in it who is never banned; undefined if nobody. */
  #counted(prefix: Prefix): Prefix | undefined {
    if (this.#never.refusal(prefix) !== undefined) return undefined;
    const wide = this.#widened(prefix);
    if (wide === prefix || this.#never.refusal(wide) === undefined) return wide;
    return this.#distinct ? undefined : prefix;
  }

  #widened(prefix: Prefix): Prefix {
    const length = this.settings.prefix?.[prefix.family] ?? prefix.length;
    return length < prefix.length ? prefix.widened(length) : prefix;
  }

  #verdict(failure: Failure, reason: string): BanVerdict | undefined {
    const { name, bantime } = this.settings;
    const lines = this.#lines.take(failure.prefix.text);
    const until = bantime === null ? null : failure.time + bantime;
    if (until !== null && until <= this.#clock()) {
      this.#outdated++;
      return undefined;
    }
    this.#bans++;
    return { kind: 'ban', ban: { prefix: failure.prefix, jail: name, reason, since: failure.time, until, lines } };
  }
}
