import { filtering, isSame } from '../config/same.js';
import type { JailConfig } from '../config/types.js';
import type { Compiled } from '../filters/compiled.js';
import { type Attempt, Filter, type Hit } from '../filters/filter.js';
import { type Identity, standsWhole } from '../filters/identity.js';
import type { FilterOptions } from '../filters/options.js';
import { type Exemptions, Jail } from '../jails/jail.js';
import { TrustedProxies } from '../jails/trusted-proxies.js';
import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import type { BanVerdict, Failure, Line } from '../model/street.js';
import type { Exempt } from './exempt.js';
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
}

/** One jail at work: its filter, its counts. Lines in, verdicts out. */
export class Watch {
  readonly config: JailConfig;
  readonly filter: Filter;
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
    this.#jail = new Jail(settings, options.exempt, options.now, (address, time) =>
      options.onCount?.(config.name, address, time),
    );
  }

  /** Failures that no ban has used up: address, time, address, time. */
  get open(): (string | number)[] {
    return this.#jail.open;
  }

  /** Takes a failure over that an earlier life counted. */
  restore(address: string, time: number): void {
    this.#jail.restore(address, time);
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
  }

  /** Counts lines that the scanner passed for it. */
  saw(lines: number): void {
    this.#lines += lines;
  }

  get counts() {
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
    const prefix = this.#blamed(identity, hit);
    return prefix && this.#jail.consider({ prefix, time, line, user });
  }

  /** The verdict, if a ban of another jail is the last straw; of a jail that counts bans. */
  relapse({ ban: { prefix, jail, reason, since } }: BanVerdict): BanVerdict | undefined {
    const { name, recidive = [] } = this.config;
    if (jail === name || !(recidive.includes('*') || recidive.includes(jail))) return undefined;
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

  #blamed({ prefix }: Identity, { finding }: Hit): Prefix | undefined {
    const { ip4, ip6, fid, dns, mlfid, fport } = finding.groups;
    const address = ip4 ?? ip6 ?? (fid ?? dns)?.replace(/^\[|\]$/g, '');
    // A session's address stands in an earlier line of it, and that of a match of several lines in any of them.
    const isWhole =
      address === undefined || mlfid !== undefined || finding.matches.some((line) => standsWhole(address, line, fport));
    const client = prefix && isWhole ? this.#clientOf(prefix, finding.groups.forwarded) : undefined;
    if (!client) this.#invalid++;
    return client;
  }

  #clientOf(peer: Prefix, forwarded: string | undefined): Prefix | undefined {
    return this.#proxies ? this.#proxies.clientOf(peer, forwarded) : peer;
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
