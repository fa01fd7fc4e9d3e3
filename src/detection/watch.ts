import type { JailConfig } from '../config/types.js';
import type { Compiled } from '../filters/compiled.js';
import { type Attempt, Filter, type Hit } from '../filters/filter.js';
import { type Identity, standsWhole } from '../filters/identity.js';
import { Jail } from '../jails/jail.js';
import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import type { BanVerdict, Failure, Line } from '../model/street.js';
import type { Exempt } from './exempt.js';
import { Offences, type Overrun, SET_ASIDE } from './offences.js';

export interface WatchOptions {
  readonly now: Clock;
  readonly exempt: Exempt;
  /** Everybody's good users. */
  readonly users?: readonly string[];
  readonly attempt: Attempt;
  /** Looks up a host name, later; told the addresses it has. */
  readonly resolve: (name: string, found: (prefixes: readonly Prefix[]) => void) => void;
  readonly onOverrun: (overrun: Overrun) => void;
  /** Told verdicts that come later, when a host name has been looked up. */
  readonly onLate: (verdict: BanVerdict) => void;
  /** Told each failure that counts. */
  readonly onCount?: (jail: string, address: string, time: number) => void;
}

/** One jail at work: its filter, its counts. Lines in, verdicts out. */
export class Watch {
  readonly config: JailConfig;
  readonly filter: Filter;
  readonly #options: WatchOptions;
  readonly #jail: Jail;
  readonly #offences = new Offences();
  #lines = 0;
  #unresolved = 0;
  #invalid = 0;

  /** @throws DropsetError `filter` */
  constructor(config: JailConfig, options: WatchOptions) {
    this.config = config;
    this.#options = options;
    this.filter = new Filter(config.filter, {
      now: options.now,
      findtime: config.findtime,
      resolvesNames: config.usedns !== 'no',
      attempt: options.attempt,
      ...(config.timezone !== undefined && { logtimezone: config.timezone }),
    });
    this.filter.warmUp('ascii');
    this.filter.warmUp('other');
    const users = [...(options.users ?? []), ...(config.ignoreuser ?? [])];
    this.#jail = new Jail({ ...config, users }, options.exempt, options.now, (address, time) =>
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

  /** Counts lines that the scanner passed for it. */
  saw(lines: number): void {
    this.#lines += lines;
  }

  get counts() {
    const { ignored, outdated, skewed } = this.filter.counts;
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
      overruns: this.#offences.lines,
    };
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

  /** A pattern ran out of its time: counts it, and goes on without it if that was too often. */
  overran(culprit: Compiled | 'date', line: string): void {
    const isLast = this.#offences.count(culprit);
    if (isLast) this.filter.setAside(culprit, this.#options.now() + SET_ASIDE);
    this.#options.onOverrun({ jail: this.config.name, culprit, line, isLast });
  }

  #blamed({ prefix }: Identity, { finding }: Hit): Prefix | undefined {
    const { ip4, ip6, fid, dns, mlfid } = finding.groups;
    const address = ip4 ?? ip6 ?? (fid ?? dns)?.replace(/^\[|\]$/g, '');
    // A session's address stands in an earlier line of it, and that of a match of several lines in any of them.
    const isWhole =
      address === undefined || mlfid !== undefined || finding.matches.some((line) => standsWhole(address, line));
    if (prefix && isWhole) return prefix;
    this.#invalid++;
    return undefined;
  }

  #ask(name: string, failure: Omit<Failure, 'prefix'>): void {
    if (this.config.usedns === 'raw' || this.config.usedns === 'no') {
      this.#unresolved++;
      return;
    }
    this.#options.resolve(name, (prefixes) => {
      if (prefixes.length === 0) this.#unresolved++;
      for (const prefix of prefixes) {
        const verdict = this.#jail.consider({ ...failure, prefix });
        if (verdict) this.#options.onLate(verdict);
      }
    });
  }
}
