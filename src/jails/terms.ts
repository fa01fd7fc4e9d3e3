import type { Escalation } from '../model/escalation.js';
import type { Prefix } from '../model/prefix.js';
import type { Ban, BanVerdict } from '../model/street.js';
import { type Earlier, grown, stepOf } from './escalation.js';

/** How long a jail's bans are. */
export interface Sentencing {
  readonly name: string;
  /** Milliseconds; null for ever. */
  readonly bantime: number | null;
  /** Absent where each ban lasts `bantime`. */
  readonly escalation?: Escalation;
}

export interface TermsOptions {
  /** Who remembers earlier bans, those that stand included. */
  readonly ledger: { pastOf(prefix: Prefix): readonly Earlier[] };
  /** As they are configured now. */
  readonly jails: () => readonly Sentencing[];
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

  #grown(ban: Ban, { bantime, escalation }: Sentencing): Ban {
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
