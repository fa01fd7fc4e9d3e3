import type { Prefix } from '../model/prefix.js';
import type { Change, Element } from '../model/street.js';

export interface BusiestOptions {
  /** The elements of so many rows behind a row; the last of the rows, undefined if there are no more. */
  readonly behind: (
    row: number,
    size: number,
  ) => { readonly changes: readonly Change[]; readonly last: number | undefined };
  readonly lookup: (prefixes: readonly Prefix[]) => Promise<readonly (Element | undefined)[]>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** How much was dropped through one element. */
export interface Busy {
  readonly prefix: Prefix;
  readonly packets: number;
  readonly bytes: number;
  /** Packets a second since it was looked at before; null at the first time. */
  readonly rate: number | null;
}

interface Seen {
  readonly packets: number;
  readonly at: number;
  readonly rate: number;
}

/** Elements of the ledger that are looked up in turn at each look, and those that are looked up each time since they drop. */
const TURN = 1024;
const HOT = 512;

/**
 * Who is dropped most, by look-ups of a bounded number of elements: a dump of all would take a large set minutes. Each look sees those
 * that were given, those that were seen to drop before, the busiest of them, and the next ones in turn, so that all have been seen
 * after as many looks as there are thousands.
 */
export class Busiest {
  readonly #options: BusiestOptions;
  #hot = new Map<string, Seen & { readonly prefix: Prefix }>();
  /** Those that had dropped nothing at the last look. */
  #quiet = new Set<string>();
  #quietAt = 0;
  #last = 0;

  constructor(options: BusiestOptions) {
    this.#options = options;
  }

  /** The busiest first. @param also looked up besides. @param most that are answered. */
  async look(
    also: readonly Prefix[],
    most: number,
  ): Promise<{ readonly looked: number; readonly busiest: readonly Busy[] }> {
    const wanted = new Map<string, Prefix>();
    for (const prefix of [...also, ...[...this.#hot.values()].map((seen) => seen.prefix), ...this.#turn()]) {
      wanted.set(prefix.text, prefix);
    }
    const elements = await this.#options.lookup([...wanted.values()]);
    const busy = elements.flatMap((element) => this.#busy(element)).sort(byRate);
    this.#keep(busy.slice(0, HOT));
    this.#quiet = new Set(elements.flatMap((one) => (one?.packets === 0 ? [one.prefix.text] : [])));
    this.#quietAt = this.#options.now();
    return { looked: wanted.size, busiest: busy.slice(0, most) };
  }

  /** Those without a packet are not of interest. */
  #busy(element: Element | undefined): Busy[] {
    if (!element?.packets) return [];
    const { prefix, packets, bytes = 0 } = element;
    const before = this.#hot.get(prefix.text) ?? this.#wasQuiet(prefix);
    if (!before) return [{ prefix, packets, bytes, rate: null }];
    const seconds = (this.#options.now() - before.at) / 1000;
    // Fewer than before: it was lifted and banned again.
    const dropped = packets < before.packets ? packets : packets - before.packets;
    return [{ prefix, packets, bytes, rate: seconds > 0 ? dropped / seconds : before.rate }];
  }

  #wasQuiet({ text }: Prefix): Seen | undefined {
    return this.#quiet.has(text) ? { packets: 0, at: this.#quietAt, rate: 0 } : undefined;
  }

  #keep(busy: readonly Busy[]): void {
    const at = this.#options.now();
    this.#hot = new Map(
      busy.map(({ prefix, packets, rate }) => [prefix.text, { prefix, packets, at, rate: rate ?? 0 }]),
    );
  }

  #turn(): Prefix[] {
    const page = this.#options.behind(this.#last, TURN);
    const left = TURN - page.changes.length;
    // At the end it begins anew.
    const rest = page.last === undefined && left > 0 ? this.#options.behind(0, left) : page;
    this.#last = rest.last ?? 0;
    return [...page.changes, ...(rest === page ? [] : rest.changes)].map(({ prefix }) => prefix);
  }
}

/** One that was never seen before goes before those that are known to be quiet: the next look tells. */
const byRate = (one: Busy, other: Busy): number => score(other) - score(one) || other.packets - one.packets;

const score = ({ rate }: Busy): number => rate ?? Number.MIN_VALUE;
