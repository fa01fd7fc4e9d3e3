import type { Prefix } from '../model/prefix.js';
import { type BanVerdict, type Change, isFold, type UnbanVerdict, type Verdict } from '../model/street.js';
import { Folding, type Recorded } from './folding.js';
import type { Parts } from './session.js';
import { isUnit } from './units.js';

/** Verdicts on their way into the ledger, within one transaction. */
export class Entry {
  readonly #parts: Pick<Parts, 'bans' | 'view' | 'share'>;
  readonly #now: number;
  readonly #refusal: (prefix: Prefix) => string | undefined;
  readonly #folding: Folding;
  /** Single elements that the kernel may hold by what stood before. */
  readonly #stood = new Set<string>();
  #hasFolds = false;

  constructor(
    parts: Pick<Parts, 'bans' | 'view' | 'share'>,
    now: number,
    refusal: (prefix: Prefix) => string | undefined,
  ) {
    this.#parts = parts;
    this.#now = now;
    this.#refusal = refusal;
    this.#folding = new Folding(parts.view, now);
  }

  /** Answers what the kernel has to hold of the prefix, as things are then. */
  enter(verdict: Verdict): Change {
    const change = verdict.kind === 'unban' ? this.#lift(verdict) : this.#put(verdict);
    this.#hasFolds ||= isFold(change);
    return change;
  }

  /** When all have been entered. @param changes that `enter` answered. */
  recorded(changes: readonly Change[]): Recorded {
    if (!this.#folding.isDue && !this.#hasFolds) return { changes };
    // As things are in the end: a verdict may have changed what was said of another.
    const final = changes.map(({ prefix }) => this.#parts.view.change(prefix, this.#now));
    const written = final.filter((change) => !isFold(change) || this.#stood.has(change.prefix.text));
    return { changes: final, steps: this.#folding.steps(written) };
  }

  /** As `Folding.shrunk`. */
  get shrunk(): readonly Prefix[] {
    return this.#folding.shrunk;
  }

  #lift({ prefix, jail }: UnbanVerdict): Change {
    const { bans, view } = this.#parts;
    this.#folding.touch(prefix);
    if (isUnit(prefix)) this.#stood.add(prefix.text);
    for (const row of bans.rowsOf(prefix.text)) {
      if (jail === undefined || row.jail === jail) bans.retire(row);
    }
    return view.change(prefix, this.#now);
  }

  #put({ ban }: BanVerdict): Change {
    const { bans, view, share } = this.#parts;
    const { prefix, until } = ban;
    if (this.#refusal(prefix) !== undefined) return { verb: 'remove', prefix };
    this.#folding.touch(prefix);
    const isAlone = bans.put(ban) && share.isWhole;
    if (!isAlone && isUnit(prefix)) this.#stood.add(prefix.text);
    if (isAlone && (until === null || until > this.#now)) return view.held(prefix, ban, this.#now);
    return view.change(prefix, this.#now);
  }
}
