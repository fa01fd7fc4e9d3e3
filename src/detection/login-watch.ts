import type { JailConfig } from '../config/types.js';
import type { Compiled } from '../filters/compiled.js';
import { type Attempt, Filter, type Hit } from '../filters/filter.js';
import { loginFilter } from '../filters/logins.js';
import type { FilterOptions } from '../filters/options.js';
import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import { blamed } from './blamed.js';
import type { Reader } from './lane.js';
import { Offences, type Overrun, SET_ASIDE } from './offences.js';

export interface LoginWatchOptions {
  readonly now: Clock;
  readonly attempt: Attempt;
  readonly dating?: Pick<FilterOptions, 'reference' | 'onDate'>;
  readonly onOverrun: (overrun: Overrun) => void;
  /** Told who has logged in, and when. */
  readonly onLogin: (prefix: Prefix, time: number) => void;
  /** Expressions in place of dropset's own, and where they are from; those of the jail where absent. */
  readonly own?: { readonly texts: readonly string[]; readonly origin: string };
}

/** Looks for logins in the lines of a jail. */
export class LoginWatch implements Reader {
  readonly config: Pick<JailConfig, 'name' | 'encoding'>;
  readonly filter: Filter;
  readonly #options: LoginWatchOptions;
  readonly #offences = new Offences();
  #lines = 0;

  /** @param jail that reads the log: dates and text are as it says. @throws DropsetError `filter` */
  constructor(jail: JailConfig, options: LoginWatchOptions) {
    const { successregex, name, findtime, timezone } = jail;
    const { now, attempt, dating, own = successregex && { texts: successregex, origin: `jail ${name}` } } = options;
    this.config = jail;
    this.#options = options;
    this.filter = new Filter(loginFilter(jail.filter, own), {
      ...{ now, attempt, findtime, resolvesNames: false },
      ...dating,
      ...(timezone !== undefined && { logtimezone: timezone }),
    });
    this.filter.warmUp('ascii');
    this.filter.warmUp('other');
  }

  /** That the scanner passed for it. */
  get lines(): number {
    return this.#lines;
  }

  saw(lines: number): void {
    this.#lines += lines;
  }

  consider(hit: Hit): undefined {
    const prefix = blamed(hit);
    if (prefix) this.#options.onLogin(prefix, hit.time ?? this.#options.now());
  }

  /** As `Watch.overran`. */
  overran(culprit: Compiled | 'date', line: string): void {
    const isLast = this.#offences.count(culprit);
    if (isLast) this.filter.setAside(culprit, this.#options.now() + SET_ASIDE);
    this.#options.onOverrun({ jail: this.config.name, culprit, line, isLast });
  }
}
