import type { Catch, Outcome, Verdict } from './outcome.js';
import { Revision } from './revision.js';

/** Addresses that are counted apart, at most: an attacker can send from, or make up, any number. */
const MOST_IDS = 100_000;

/** Whom failures blame. */
export interface Blamed {
  readonly id: string;
  readonly isName: boolean;
  count: number;
}

/** What became of a log's lines, in numbers that do not grow with it. */
export class Tally {
  readonly verdicts: Record<Verdict, number> = { matched: 0, pending: 0, ignored: 0, missed: 0 };
  /** Lines that each failregex hit, by its number. */
  readonly hits: number[] = [];
  /** Lines that each ignoreregex took back. */
  readonly ignoring: number[] = [];
  /** Failures by ids that came when there was no more room. */
  uncounted = 0;
  readonly #blamed = new Map<string, Blamed>();
  readonly #revision: Revision;

  /** @param maxlines lines that the filter looks at together. */
  constructor(maxlines: number) {
    this.#revision = new Revision(maxlines);
  }

  get lines(): number {
    const { matched, pending, ignored, missed } = this.verdicts;
    return matched + pending + ignored + missed;
  }

  /** Counts a line. Answers the lines whose verdict is final now: of a filter that looks at several, later ones may change it. */
  add(outcome: Outcome): readonly Outcome[] {
    for (const hit of outcome.hits) this.#count(hit);
    if (outcome.ignoredBy !== undefined) increase(this.ignoring, outcome.ignoredBy);
    return this.#settle(this.#revision.add(outcome));
  }

  /** No line follows: all that are left are final. */
  end(): readonly Outcome[] {
    return this.#settle(this.#revision.end());
  }

  /** Distinct ids that were counted. */
  get ids(): number {
    return this.#blamed.size;
  }

  /** Those that are blamed most, first. */
  most(count: number): readonly Blamed[] {
    const blamed = [...this.#blamed.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
    return blamed.slice(0, count);
  }

  #settle(outcomes: readonly Outcome[]): readonly Outcome[] {
    for (const { verdict } of outcomes) this.verdicts[verdict]++;
    return outcomes;
  }

  #count({ regex, kind, id, isName }: Catch): void {
    increase(this.hits, regex);
    if (kind !== 'failure' || id === undefined) return;
    const known = this.#blamed.get(id);
    if (known) known.count++;
    else if (this.#blamed.size < MOST_IDS) this.#blamed.set(id, { id, isName, count: 1 });
    else this.uncounted++;
  }
}

function increase(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
