import { filtering, isSame } from '../config/same.js';
import type { JailConfig } from '../config/types.js';
import type { Compiled } from '../filters/compiled.js';
import { type Attempt, Filter, type Hit } from '../filters/filter.js';
import type { FilterOptions } from '../filters/options.js';
import { type Exemptions, Jail } from '../jails/jail.js';
import type { Kept } from '../jails/siege.js';
import { TrustedProxies } from '../jails/trusted-proxies.js';
import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import { textObserves } from '../model/scope.js';
import type { SiegeChange } from '../model/siege.js';
import type { BanVerdict, Failure, Line } from '../model/street.js';
import { blamed } from './blamed.js';
import type { Exempt } from './exempt.js';
import type { Reader } from './lane.js';
import { LoginWatch } from './login-watch.js';
import { Offences, type Overrun, SET_ASIDE } from './offences.js';

export interface WatchOptions {
  readonly now: Clock;
  /** Whom the jail spares; the service's own looks names up, and may be asked to do so again. */
  readonly exempt: Exemptions & Partial<Pick<Exempt, 'refresh' | 'settled'>>;
  readonly attempt: Attempt;
  /** Of tools that read logs long after they were written: see `FilterOptions`. */
  readonly dating?: Pick<FilterOptions, 'reference' | 'onDate'>;
  /** Looks up a host name, later; told the addresses it has. */
  readonly resolve: (name: string, found: (prefixes: readonly Prefix[]) => void) => void;
  readonly onOverrun: (overrun: Overrun) => void;
  /** Told verdicts that come later, when a host name has been looked up. */
  readonly onLate: (verdict: BanVerdict) => void;
  /** Addresses that are remembered; 1,500,000 where absent. */
  readonly capacity?: number;
  /** Told each failure that counts. */
  readonly onCount?: (jail: string, address: string, time: number) => void;
  /** Told what else a later life has to know: see `restore`. */
  readonly onKeep?: (jail: string, what: Remembered, key: string, time: number) => void;
  /** Told that a siege begins, or ends. */
  readonly onSiege?: (jail: string, change: SiegeChange) => void;
}

/** What is remembered of a jail beside its failures: who has logged in, which sieges last, whose failures a siege's ban has used up. */
export type Remembered = Kept | 'used';

/** One jail at work: its filter, its counts. Lines in, verdicts out. */
export class Watch implements Reader {
  readonly config: JailConfig;
  readonly filter: Filter;
  /** Looks for logins in the same lines, where the jail watches for sieges. */
  readonly logins: LoginWatch | undefined;
  readonly #options: WatchOptions;
  readonly #jail: Jail;
  readonly #offences: Offences;
  readonly #proxies: TrustedProxies | undefined;
  /** Who goes on for it; null where nobody does, undefined while it is at work. */
  #heir: Watch | null | undefined;
  #lines = 0;
  #unresolved = 0;
  #invalid = 0;
  /** Of filters that it had before. */
  #former = NOTHING;

  /**
   * @param before at work for the jail of that name as it was: its filter is used on where it finds the same, with the sessions that it
   *   remembers.
   * @throws DropsetError `filter`
   */
  constructor(config: JailConfig, options: WatchOptions, before?: Watch) {
    const known = before && isSame(filtering(before.config), filtering(config)) ? before : undefined;
    this.config = config;
    this.#options = options;
    this.filter = known ? known.filter : filterOf(config, options);
    this.#offences = known ? known.#offences : new Offences();
    this.#proxies = config.trustedProxies && new TrustedProxies(config.trustedProxies);
    const { capacity } = options;
    const settings = capacity === undefined ? config : { ...config, capacity };
    this.#jail = new Jail(settings, options.exempt, options.now, {
      onCount: (address, time) => options.onCount?.(config.name, address, time),
      onUsed: (address, time) => options.onKeep?.(config.name, 'used', address, time),
      onKeep: (what, key, time) => options.onKeep?.(config.name, what, key, time),
      onChange: (change) => options.onSiege?.(config.name, change),
    });
    const onLogin = (prefix: Prefix, time: number): void => this.#jail.login(prefix, time);
    this.logins = config.siege && new LoginWatch(config, { ...options, onLogin });
  }

  /** Failures that no ban has used up: address, time, address, time. */
  get open(): (string | number)[] {
    return this.#jail.open;
  }

  /** What else a later life has to know: key, time, key, time. */
  kept(what: Kept): (string | number)[] {
    return this.#jail.siege?.kept(what) ?? [];
  }

  /** Takes a failure over that an earlier life counted, or what else it told. */
  restore(what: Remembered | undefined, key: string, time: number): void {
    if (what === undefined) this.#jail.restore(key, time);
    else if (what === 'used') this.#jail.restoreUsed(key, time);
    else this.#jail.siege?.restore(what, key, time);
  }

  /** Ends sieges that are over: where nobody fails any more, nobody else would notice. */
  settle(): void {
    this.#jail.siege?.settle(this.#options.now());
  }

  /** Looks up anew whom the jail spares. */
  refresh(): void {
    void this.#options.exempt.refresh?.();
  }

  /** Resolves when the host names that it spares have been looked up. */
  get settled(): Promise<unknown> {
    return Promise.resolve(this.#options.exempt.settled);
  }

  /** Takes over what the one before has counted, who is at an end with this. */
  inherit(before: Watch): void {
    before.#heir = this;
    this.#jail.inherit(before.#jail);
    this.#lines += before.#lines;
    this.#unresolved += before.#unresolved;
    this.#invalid += before.#invalid;
    if (before.filter !== this.filter) this.#former = sum(before.#former, before.#filtered);
    else this.#former = before.#former;
  }

  /** Nobody goes on for it: what is still being looked up concerns nobody. */
  retire(): void {
    this.#heir = null;
    this.#jail.retire();
  }

  /** Counts lines that the scanner passed for it. */
  saw(lines: number): void {
    this.#lines += lines;
  }

  get counts() {
    const { siege } = this.#jail;
    const { ignored, outdated, skewed, overruns } = sum(this.#former, this.#filtered);
    return {
      lines: this.#lines,
      failures: this.#jail.failures,
      bans: this.#jail.bans,
      never: this.#jail.ignored,
      outdated: this.#jail.outdated + outdated,
      skewed,
      evicted: this.#jail.evicted,
      unresolved: this.#unresolved,
      invalid: this.#invalid,
      ignored,
      overruns,
      siege: siege ? { standing: siege.standing, known: siege.known } : null,
    };
  }

  /** What the filter that is at work now has counted. */
  get #filtered(): Filtered {
    return { ...this.filter.counts, overruns: this.#offences.lines };
  }

  /** The verdict, if a hit is the last straw. */
  consider(hit: Hit, line: Line): BanVerdict | undefined {
    const { identity, time = this.#options.now() } = hit;
    const { user } = hit.finding.groups;
    if (!identity) return undefined;
    if (identity.isName) {
      this.#ask(identity.text, { time, line, user });
      return undefined;
    }
    const prefix = this.#clientOf(blamed(hit), hit.finding.groups.forwarded);
    if (!prefix) this.#invalid++;
    return prefix && this.#jail.consider({ prefix, time, line, user });
  }

  /**
   * The verdict, if a ban of another jail is the last straw; of a jail that counts bans. Those of a jail that observes count only where
   * nothing is dropped either: a trial must have no consequences.
   */
  relapse({ ban: { prefix, jail, reason, since } }: BanVerdict, isObserved = false): BanVerdict | undefined {
    const { name, recidive = [], scope } = this.config;
    if (jail === name || !(recidive.includes('*') || recidive.includes(jail))) return undefined;
    if (isObserved && !textObserves(scope)) return undefined;
    return this.#jail.consider({
      prefix,
      time: since,
      line: { text: `${jail}: ${reason}`, source: jail, position: 0 },
    });
  }

  /** A pattern ran out of its time: counts it, and goes on without it if that was too often. */
  overran(culprit: Compiled | 'date', line: string): void {
    const isLast = this.#offences.count(culprit);
    if (isLast) this.filter.setAside(culprit, this.#options.now() + SET_ASIDE);
    this.#options.onOverrun({ jail: this.config.name, culprit, line, isLast });
  }

  #clientOf(peer: Prefix | undefined, forwarded: string | undefined): Prefix | undefined {
    return peer && this.#proxies ? this.#proxies.clientOf(peer, forwarded) : peer;
  }

  #ask(name: string, failure: Omit<Failure, 'prefix'>): void {
    if (this.config.usedns === 'raw' || this.config.usedns === 'no') {
      this.#unresolved++;
      return;
    }
    this.#options.resolve(name, (prefixes) => this.#found(prefixes, failure));
  }

  #found(prefixes: readonly Prefix[], failure: Omit<Failure, 'prefix'>): void {
    if (this.#heir !== undefined) {
      if (this.#heir) this.#heir.#found(prefixes, failure);
      return;
    }
    if (prefixes.length === 0) this.#unresolved++;
    for (const prefix of prefixes) {
      const verdict = this.#jail.consider({ ...failure, prefix });
      if (verdict) this.#options.onLate(verdict);
    }
  }
}

/** What is counted with a filter, and ends with it. */
interface Filtered {
  readonly ignored: number;
  readonly outdated: number;
  readonly skewed: number;
  readonly overruns: number;
}

const NOTHING: Filtered = { ignored: 0, outdated: 0, skewed: 0, overruns: 0 };

const sum = (one: Filtered, other: Filtered): Filtered => ({
  ignored: one.ignored + other.ignored,
  outdated: one.outdated + other.outdated,
  skewed: one.skewed + other.skewed,
  overruns: one.overruns + other.overruns,
});

function filterOf(config: JailConfig, { now, attempt, dating }: WatchOptions): Filter {
  const filter = new Filter(config.filter, {
    ...{ now, attempt },
    findtime: config.findtime,
    resolvesNames: config.usedns !== 'no',
    ...dating,
    ...(config.timezone !== undefined && { logtimezone: config.timezone }),
  });
  filter.warmUp('ascii');
  filter.warmUp('other');
  return filter;
}
