import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import type { BanVerdict, Failure } from '../model/street.js';
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
  #lines: Lines;
  #counted = 0;
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
    this.#users = new GoodUsers(settings.ignoreuser ?? [], settings.maxretry, settings.findtime);
  }

  /** Failures that counted. */
  get failures(): number {
    return this.#counted;
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
    this.#failures.add(address, time);
  }

  /** Goes on where a jail with other settings, or another filter, has come to. */
  inherit(before: Jail): void {
    this.#failures.inherit(before.#failures.all());
    this.#lines = before.#lines.resized(this.settings.maxretry);
    this.#counted += before.#counted;
    this.#bans += before.#bans;
    this.#ignored += before.#ignored;
    this.#outdated += before.#outdated;
    this.#evicted += before.evicted;
  }

  /** Counts a failure; the verdict if it was the last straw. The address's failures are then forgotten. */
  consider(failure: Failure): BanVerdict | undefined {
    if (this.#never.refusal(failure.prefix) !== undefined) {
      this.#ignored++;
      return undefined;
    }
    if (failure.time < this.#clock() - this.settings.findtime) {
      this.#outdated++;
      return undefined;
    }
    if (this.#users.spares(failure.user, failure.prefix.text, failure.time)) {
      this.#ignored++;
      return undefined;
    }
    this.#counted++;
    const { text } = failure.prefix;
    this.#onCount(text, failure.time);
    const span = this.#failures.add(text, failure.time);
    this.#lines.add(text, failure.line.text);
    return span === undefined ? undefined : this.#verdict(failure, span, this.#lines.take(text));
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
