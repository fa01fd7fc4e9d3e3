import type { Clock } from '../model/clock.js';
import { type Family, Prefix } from '../model/prefix.js';
import type { BanVerdict, Failure } from '../model/street.js';
import { Distinct } from './distinct.js';
import { Failures } from './failures.js';
import { GoodUsers } from './good-users.js';
import { Lines } from './lines.js';
import { reasonOf } from './reason.js';

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
}

/** Addresses whose counts are written down as a whole: some 40 bytes each, a few times in a flood of millions. */
const MOST_OPEN = 200_000;

/** Who is never banned: the sentence that says why, or undefined. */
export interface Exemptions {
  refusal(prefix: Prefix): string | undefined;
}

/** Counts failures and says when it is enough. Knows nothing of how a ban is done. */
export class Jail {
  readonly settings: JailSettings;
  readonly #never: Exemptions;
  readonly #clock: Clock;
  readonly #onCount: (address: string, time: number) => void;
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

  /** @param onCount is told each failure that counts. */
  constructor(
    settings: JailSettings,
    never: Exemptions,
    clock: Clock,
    onCount: (address: string, time: number) => void = () => undefined,
  ) {
    this.settings = settings;
    this.#never = never;
    this.#clock = clock;
    this.#onCount = onCount;
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

  /** Goes on where a jail with other settings, or another filter, has come to. */
  inherit(before: Jail): void {
    this.#failures.inherit(before.#failures.all());
    this.#lines = before.#lines.resized(this.settings.maxretry);
    this.#sum += before.#sum;
    this.#bans += before.#bans;
    this.#ignored += before.#ignored;
    this.#outdated += before.#outdated;
    this.#evicted += before.evicted;
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
    const { text } = prefix;
    this.#onCount(this.#distinct ? failure.prefix.text : text, failure.time);
    const span = this.#failures.add(text, failure.time);
    this.#lines.add(text, failure.line.text);
    return span === undefined ? undefined : this.#verdict({ ...failure, prefix }, span, this.#lines.take(text));
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

  #verdict(failure: Failure, span: number, lines: readonly string[]): BanVerdict | undefined {
    const { name, maxretry, bantime, recidive } = this.settings;
    const until = bantime === null ? null : failure.time + bantime;
    if (until !== null && until <= this.#clock()) {
      this.#outdated++;
      return undefined;
    }
    this.#bans++;
    const reason = reasonOf(maxretry, span, failure.line.text, recidive ? 'ban' : 'failure');
    return { kind: 'ban', ban: { prefix: failure.prefix, jail: name, reason, since: failure.time, until, lines } };
  }
}
