import type { JailConfig } from '../config/types.js';
import { LoginWatch } from '../detection/login-watch.js';
import { Watch, type WatchOptions } from '../detection/watch.js';
import type { Hit } from '../filters/filter.js';
import type { Exemptions } from '../jails/jail.js';
import type { Prefix } from '../model/prefix.js';
import type { Ban, BanVerdict, Line } from '../model/street.js';
import type { Bans } from './bans.js';
import { FirstFailures } from './first-failures.js';
import type { LogClock } from './log-clock.js';

export interface ReplayWatchOptions extends Pick<WatchOptions, 'attempt' | 'dating' | 'onOverrun'> {
  readonly clock: LogClock;
  readonly bans: Bans;
  /** Told that a siege begins, or ends. */
  readonly onSiege: NonNullable<WatchOptions['onSiege']>;
}

/** Told each verdict, and the line that was the last straw. */
export type Decide = (verdict: BanVerdict, watch: ReplayWatch, line: Line) => void;

/** Addresses that are counted apart: an attacker can send from any number. */
const MOST_ADDRESSES = 200_000;

/** Names of hosts are not looked up: today's answer is not the one of then. */
const nobody = (_name: string, found: (prefixes: readonly Prefix[]) => void): void => found([]);

const common = ({ clock, attempt, dating, onOverrun, onSiege }: ReplayWatchOptions) => ({
  ...{ now: clock.now, attempt, onOverrun, onSiege, resolve: nobody, onLate: () => undefined },
  ...(dating && { dating }),
});

/** One jail at a replay: it judges and counts as in the service, and its bans are kept. Nothing comes through from who is banned. */
export class ReplayWatch extends Watch {
  readonly #options: ReplayWatchOptions;
  readonly #exempt: Exemptions;
  readonly #decide: Decide;
  readonly #firsts: FirstFailures;
  readonly #addresses = new Set<string>();
  #line: Line | undefined;
  #dropped = 0;
  #spared = 0;

  /** @param exempt who would not have been banned. @throws DropsetError `filter` */
  constructor(config: JailConfig, exempt: Exemptions, options: ReplayWatchOptions, decide: Decide) {
    const firsts = new FirstFailures();
    super(config, {
      ...common(options),
      exempt: {
        refusal: (prefix) => this.#fend(prefix),
        isNever: (prefix) => this.never(prefix) !== undefined,
      },
      onCount: (_, address, time) => {
        firsts.add(address, time);
        if (this.#addresses.size < MOST_ADDRESSES) this.#addresses.add(address);
      },
    });
    this.#options = options;
    this.#exempt = exempt;
    this.#decide = decide;
    this.#firsts = firsts;
  }

  /** Failures that came when their address was banned: the kernel would have dropped them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Failures of addresses that would have been banned, if a never-rule did not cover them. */
  get spared(): number {
    return this.#spared;
  }

  /** Distinct addresses that failed, 200,000 at most. */
  get addresses(): number {
    return this.#addresses.size;
  }

  override consider(hit: Hit, line: Line): BanVerdict | undefined {
    const { clock } = this.#options;
    return clock.as(hit.time ?? clock.now(), () => {
      this.#line = line;
      const verdict = super.consider(hit, line);
      if (verdict) this.#decide(verdict, this, line);
      return verdict;
    });
  }

  /** As `relapse`; @param line that led to the ban. */
  relapseAt(verdict: BanVerdict, line: Line): BanVerdict | undefined {
    this.#line = line;
    return this.relapse(verdict);
  }

  /** Why nobody bans it after all: the never-rule that covers it. */
  never(prefix: Prefix): string | undefined {
    return this.#exempt.refusal(prefix);
  }

  /** A ban of this jail has come, by that line. */
  keep({ prefix, jail, since, until, reason }: Ban, { source, position }: Line): void {
    const { bans } = this.#options;
    const { first, count } = this.#firsts.take(prefix.text) ?? { first: since, count: 1 };
    const never = this.never(prefix);
    const ban = { jail, prefix, since, until, reason, first, failures: count, never, dropped: 0 };
    bans.add({
      ...ban,
      source,
      position,
      previous: bans.latestOf(prefix),
      loginBefore: bans.loginOf(prefix),
      loginAfter: undefined,
    });
  }

  #fend(prefix: Prefix): string | undefined {
    const { bans, clock } = this.#options;
    const ban = bans.standing(prefix, clock.now());
    // The line that was one jail's last straw counts in all others that read it.
    if (!ban || (ban.position === this.#line?.position && ban.source === this.#line.source)) return undefined;
    ban.dropped++;
    if (ban.never === undefined) this.#dropped++;
    else this.#spared++;
    return 'is banned';
  }
}

/** Looks for logins in the lines of a jail, and remembers them beside the bans. @throws DropsetError `filter` */
export function loginWatch(
  jail: JailConfig,
  { bans, clock, attempt, dating, onOverrun }: ReplayWatchOptions,
  success: string | undefined,
) {
  return new LoginWatch(jail, {
    ...{ attempt, onOverrun, now: clock.now },
    ...(dating && { dating }),
    onLogin: (prefix, time) => clock.as(time, () => bans.login(prefix, clock.now())),
    ...(success !== undefined && { own: { texts: [success], origin: '--success' } }),
  });
}
