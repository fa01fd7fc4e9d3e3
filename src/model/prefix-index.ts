import type { Family, Prefix } from './prefix.js';

/**
 * Prefixes, each with a value, of which one asks who overlaps another: some 14 comparisons among 10,000, no matter how many there are.
 * Immutable.
 *
 * Two prefixes overlap only if one covers the other. So only the outermost are kept, which are disjoint, in order of address; of
 * the same prefix the first that is given.
 */
export class PrefixIndex<T> {
  readonly #outermost: Readonly<Record<Family, readonly Entry<T>[]>>;
  readonly #starts: Readonly<Record<Family, Uint32Array>>;

  constructor(entries: Iterable<Entry<T>>) {
    const all = [...entries];
    this.#outermost = { 4: outermostOf(all, 4), 6: outermostOf(all, 6) };
    this.#starts = { 4: startsOf(this.#outermost[4]), 6: startsOf(this.#outermost[6]) };
  }

  /** The outermost prefixes, IPv4's first, each family in order of address. */
  get entries(): readonly Entry<T>[] {
    return [...this.#outermost[4], ...this.#outermost[6]];
  }

  /** The first of the outermost prefixes that covers `prefix`, or that it covers; undefined if there is none. */
  overlapping(prefix: Prefix): Entry<T> | undefined {
    const entries = this.#outermost[prefix.family];
    const behind = firstBehind(this.#starts[prefix.family], prefix);
    const before = entries[behind - 1];
    if (before?.[0].overlaps(prefix)) return before;
    const next = entries[behind];
    return next && prefix.covers(next[0]) ? next : undefined;
  }
}

export type Entry<T> = readonly [prefix: Prefix, value: T];

/** The prefixes that no other one of them covers, each once, IPv4's first, each family in order of address. */
export const outermost = (prefixes: readonly Prefix[]): readonly Prefix[] =>
  new PrefixIndex(prefixes.map((prefix) => [prefix, undefined] as const)).entries.map(([prefix]) => prefix);

function outermostOf<T>(entries: readonly Entry<T>[], family: Family): Entry<T>[] {
  const kept: Entry<T>[] = [];
  // The sort is stable, and a wider prefix comes before what it covers.
  for (const entry of entries.filter(([prefix]) => prefix.family === family).sort(([a], [b]) => compare(a, b))) {
    if (!kept.at(-1)?.[0].covers(entry[0])) kept.push(entry);
  }
  return kept;
}

/** Where the prefixes begin, four words each: side by side, since a search that follows pointers waits for memory. */
function startsOf<T>(entries: readonly Entry<T>[]): Uint32Array {
  const starts = new Uint32Array(entries.length * 4);
  for (const [index, [prefix]] of entries.entries()) {
    for (let word = 0; word < 4; word++) starts[index * 4 + word] = prefix.word(word);
  }
  return starts;
}

/** The first index whose prefix begins behind `prefix`. */
function firstBehind(starts: Uint32Array, prefix: Prefix): number {
  const words = prefix.family === 4 ? 1 : 4;
  let [low, high] = [0, starts.length >>> 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    let word = 0;
    while (word < words - 1 && starts[middle * 4 + word] === prefix.word(word) >>> 0) word++;
    if ((starts[middle * 4 + word] as number) <= prefix.word(word) >>> 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By address, then the wider first. Of one family. */
function compare(a: Prefix, b: Prefix): number {
  const words = a.family === 4 ? 1 : 4;
  for (let index = 0; index < words; index++) {
    const difference = (a.word(index) >>> 0) - (b.word(index) >>> 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
