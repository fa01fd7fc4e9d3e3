import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from '../backends/backend.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import { scopeText } from '../model/scope.js';
import type { Change, Element } from '../model/street.js';

/** An element of which the kernel does not hold what the ledger says. */
export interface Difference {
  readonly prefix: Prefix;
  /**
   * The kernel lacks it, has another end or another scope for it, or has it though nobody banned it, or beside the prefix that it is folded into: that does no harm, since
   * it is banned.
   */
  readonly how: 'missing' | 'until' | 'scope' | 'unknown' | 'folded';
}

export interface ComparisonOptions {
  readonly ledger: Pick<Ledger, 'changesOf'>;
  readonly backend: Pick<Backend, 'lookup' | 'elements'>;
  readonly clock: Clock;
  /** Milliseconds between looks at what seems to differ; by default more than a change is on its way. */
  readonly pauses?: readonly number[];
}

const PAUSES = [10, 100, 1000];

/** An element that ends within that time may be gone already, or still there. Milliseconds. */
const ABOUT_TO_END = 2000;

/** By how much ends may differ: by that, and by a thousandth of the time left, since the kernel's ticks are no clock. */
const TOLERANCE = 5000;

/** Holds the ledger against the kernel. Nothing is written. */
export class Comparison {
  readonly #options: ComparisonOptions;

  constructor(options: ComparisonOptions) {
    this.#options = options;
  }

  /** What seems to differ from `changes`, as the ledger has just answered them. */
  async look(changes: readonly Change[]): Promise<readonly Difference[]> {
    const elements = await this.#options.backend.lookup(changes.map(({ prefix }) => prefix));
    const now = this.#options.clock();
    return changes.flatMap((change, index) => {
      const how = difference(change, elements[index], now);
      return how ? [{ prefix: change.prefix, how }] : [];
    });
  }

  /** Of the first `most` elements that the backend tells, those that the ledger does not know. */
  async strangers(most: number): Promise<readonly Difference[]> {
    const prefixes: Prefix[] = [];
    for await (const { prefix } of this.#options.backend.elements()) {
      prefixes.push(prefix);
      if (prefixes.length >= most) break;
    }
    return this.look(this.#options.ledger.changesOf(prefixes).filter(({ verb }) => verb === 'remove'));
  }

  /** Those that differ for good: what is on its way to the kernel has arrived some looks later. */
  async confirmed(suspects: readonly Difference[]): Promise<readonly Difference[]> {
    let left = suspects;
    for (const pause of this.#options.pauses ?? PAUSES) {
      if (left.length === 0) break;
      await sleep(pause);
      left = await this.look(this.#options.ledger.changesOf(left.map(({ prefix }) => prefix)));
    }
    return left;
  }
}

function difference(change: Change, element: Element | undefined, now: number): Difference['how'] | undefined {
  if (change.verb === 'remove') {
    if (!element || isEnding(element.until, now)) return undefined;
    return change.foldedInto ? 'folded' : 'unknown';
  }
  if (!element) return isEnding(change.until, now) ? undefined : 'missing';
  if (scopeText(change.scope) !== scopeText(element.scope)) return 'scope';
  if (change.until === null || element.until === null) return change.until === element.until ? undefined : 'until';
  const tolerance = TOLERANCE + Math.max(0, change.until - now) / 1000;
  return Math.abs(change.until - element.until) <= tolerance ? undefined : 'until';
}

const isEnding = (until: number | null, now: number): boolean => until !== null && until - now < ABOUT_TO_END;
