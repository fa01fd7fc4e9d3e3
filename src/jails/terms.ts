import type { Escalation } from '../model/escalation.js';
import type { Prefix } from '../model/prefix.js';
import { textObserves } from '../model/scope.js';
import type { Ban, BanVerdict } from '../model/street.js';
import { type Earlier, grown, stepOf } from './escalation.js';

/** How long a jail's bans are. */
export interface Sentencing {
  readonly name: string;
  /** Milliseconds; null for ever. */
  readonly bantime: number | null;
  /** Absent where each ban lasts `bantime`. */
  readonly escalation?: Escalation;
  /** As the canonical text of a scope; all traffic where absent. */
  readonly scope?: string;
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
    const all = this.#options.jails();
    const jails = all.filter(({ escalation }) => escalation);
    if (jails.length === 0) return verdicts;
    const observing = new Set(all.filter(({ scope = '' }) => textObserves(scope)).map(({ name }) => name));
    return verdicts.map((verdict) => {
      const jail = jails.find(({ name }) => name === verdict.ban.jail);
      return jail ? { ...verdict, ban: this.#grown(verdict.ban, jail, observing) } : verdict;
    });
  }

  /** @param observing jails whose bans drop nothing, and so count for their own alone, and for others that observe. */
  #grown(ban: Ban, { name, bantime, escalation }: Sentencing, observing: ReadonlySet<string>): Ban {
    if (!escalation) return ban;
    try {
      const past = this.#options.ledger.pastOf(ban.prefix);
      const counting = observing.has(name) ? past : past.filter(({ jail }) => jail === name || !observing.has(jail));
      const step = stepOf(counting, escalation, ban);
      const time = grown(bantime, step, escalation, this.#options.random);
      const until = time === null ? null : ban.since + time;
      return step === 0 ? { ...ban, until } : { ...ban, until, reason: `return ${step}: ${ban.reason}` };
    } catch (thrown) {
      this.#options.failed(thrown);
      return ban;
    }
  }
}
