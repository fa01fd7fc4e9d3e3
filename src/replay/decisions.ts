import { Terms } from '../jails/terms.js';
import type { BanVerdict, Line } from '../model/street.js';
import type { Bans } from './bans.js';
import type { ReplayWatch } from './watches.js';

export interface DecisionsOptions {
  readonly bans: Bans;
  /** All jails, those that count bans among them. */
  readonly watches: () => readonly ReplayWatch[];
  /** Told what an operator should know. */
  readonly onNote: (sentence: string) => void;
}

/** What follows from a verdict, as in the service: bans of jails that count bans, and how long each is for who was banned before. */
export class Decisions {
  readonly #options: DecisionsOptions;
  readonly #terms: Terms;
  /** When the verdict came that is being decided about. */
  #now = 0;

  constructor(options: DecisionsOptions) {
    this.#options = options;
    this.#terms = new Terms({
      ledger: { pastOf: (prefix) => options.bans.pastOf(prefix, this.#now) },
      jails: () => options.watches().map(({ config }) => config),
      // Chance would make two replays of one log differ: bans are as short as they can be.
      random: () => 0,
      failed: (thrown) => options.onNote(String(thrown)),
    });
  }

  /** Keeps the ban, and those that follow from it. Of who is never banned nothing follows. */
  decide(verdict: BanVerdict, watch: ReplayWatch, line: Line): void {
    this.#now = verdict.ban.since;
    const counting = watch.never(verdict.ban.prefix) === undefined ? this.#counting : [];
    const relapses = counting.flatMap((other) => {
      const found = other.relapseAt(verdict, line);
      return found ? [{ by: other, verdict: found }] : [];
    });
    const all = [{ by: watch, verdict }, ...relapses];
    // At once, as a batch of the service: what follows from a ban does not count it as one before.
    const bans = this.#terms.of(all.map((one) => one.verdict));
    for (const [index, { by }] of all.entries()) by.keep((bans[index] as BanVerdict).ban, line);
  }

  get #counting(): readonly ReplayWatch[] {
    return this.#options.watches().filter(({ config }) => config.recidive);
  }
}
