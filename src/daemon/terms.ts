import type { JailConfig } from '../config/config.js';
import { grown, stepOf } from '../jails/escalation.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Ban, BanVerdict } from '../model/street.js';

export interface TermsOptions {
  readonly ledger: Pick<Ledger, 'pastOf'>;
  /** As they are configured now. */
  readonly jails: () => readonly Pick<JailConfig, 'name' | 'bantime' | 'escalation'>[];
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  /** Told what the ledger threw: then a ban is as long as its jail says. */
  readonly failed: (thrown: unknown) => void;
}

/** How long bans are for who was banned before: jails decide without the ledger, which knows. */
export class Terms {
  readonly #options: TermsOptions;

  constructor(options: TermsOptions) {
    this.#options = options;
  }

  /** The same verdicts, longer where their jail's `escalation` says so. Reads the ledger, for those alone. */
  of(verdicts: readonly BanVerdict[]): readonly BanVerdict[] {
    const jails = this.#options.jails().filter(({ escalation }) => escalation);
    if (jails.length === 0) return verdicts;
    return verdicts.map((verdict) => {
      const jail = jails.find(({ name }) => name === verdict.ban.jail);
      return jail ? { ...verdict, ban: this.#grown(verdict.ban, jail) } : verdict;
    });
  }

  #grown(ban: Ban, { bantime, escalation }: Pick<JailConfig, 'bantime' | 'escalation'>): Ban {
    if (!escalation) return ban;
    try {
      const step = stepOf(this.#options.ledger.pastOf(ban.prefix), escalation, ban);
      const time = grown(bantime, step, escalation, this.#options.random);
      const until = time === null ? null : ban.since + time;
      return step === 0 ? { ...ban, until } : { ...ban, until, reason: `return ${step}: ${ban.reason}` };
    } catch (thrown) {
      this.#options.failed(thrown);
      return ban;
    }
  }
}
