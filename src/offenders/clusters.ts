import type { Family, Prefix } from '../model/prefix.js';
import { PrefixCounts } from '../model/prefix-counts.js';
import { type Entry, together } from './entry.js';

/** When offenders are told as one prefix. */
interface Level {
  readonly length: number;
  /** How many parts of the level before it must have; of the first level, how many offenders. */
  readonly least: number;
  /** Which of those parts count: each that has an offender, or those alone that are folded themselves. */
  readonly parts: 'any' | 'folded';
}

/**
 * IPv4: eight of a /24; wider only where half of it is so: eight of sixteen /24s, eight of sixteen /20s. A /64 of IPv6 is one network
 * (RFC 4291, 2.5.4), so two are enough; a site has a /56 or a /48 (RFC 6177), and whoever has one can send from any of its networks: eight
 * of those.
 */
const LEVELS: Readonly<Record<Family, readonly Level[]>> = {
  4: [
    { length: 24, least: 8, parts: 'any' },
    { length: 20, least: 8, parts: 'folded' },
    { length: 16, least: 8, parts: 'folded' },
  ],
  6: [
    { length: 64, least: 2, parts: 'any' },
    { length: 56, least: 8, parts: 'any' },
    { length: 48, least: 8, parts: 'any' },
  ],
};

/** Prefixes that are kept; what clusters beyond them is told one by one. */
const MOST = 65_536;

/**
 * Where offenders cluster. They come twice: `count` is told of all, so that it is known which prefixes fold, and then `take` of all again, which
 * adds up those that do. So it holds in memory a few bytes of each network, and whole entries of those alone that fold. The outcome does not
 * depend on the order in which they come.
 */
export class Clusters {
  readonly #isAllowed: (prefix: Prefix) => boolean;
  readonly #counts = new PrefixCounts();
  readonly #folded = new Map<string, Entry | undefined>();

  /** @param isAllowed false for a prefix that must not be told: then nothing is folded into it, nor into what covers it. */
  constructor(isAllowed: (prefix: Prefix) => boolean) {
    this.#isAllowed = isAllowed;
  }

  /** The first time: each offender once. */
  count(prefix: Prefix): void {
    const level = LEVELS[prefix.family].findIndex(({ length }) => length <= prefix.length);
    if (level >= 0) this.#part(prefix, level);
  }

  /** The second time: true if the entry went into a prefix, false if it has to be told by itself. */
  take(entry: Entry): boolean {
    if (this.#folded.size === 0) return false;
    const widest = this.#widest(entry.prefix);
    if (!widest) return false;
    const before = this.#folded.get(widest.text);
    this.#folded.set(widest.text, before ? together(widest, before, entry) : { ...entry, prefix: widest });
    return true;
  }

  /** What has been folded. */
  *entries(): Generator<Entry> {
    for (const entry of this.#folded.values()) if (entry) yield entry;
  }

  /** One more part of a level. A prefix that is banned as a whole folds, and takes in what is below it. */
  #part(part: Prefix, level: number): void {
    const rule = LEVELS[part.family][level];
    if (!rule) return;
    const around = part.widened(rule.length);
    const weight = part === around ? rule.least : 1;
    const before = this.#counts.add(around, weight);
    if (before === undefined) return;
    const next = LEVELS[part.family][level + 1];
    if (before === 0 && next?.parts === 'any') this.#part(around, level + 1);
    const begins = before < rule.least && before + weight >= rule.least;
    if (!begins || this.#folded.size >= MOST || !this.#isAllowed(around)) return;
    this.#folded.set(around.text, undefined);
    if (next?.parts === 'folded') this.#part(around, level + 1);
  }

  #widest(prefix: Prefix): Prefix | undefined {
    for (const { length } of LEVELS[prefix.family].toReversed()) {
      if (length > prefix.length) continue;
      const around = prefix.widened(length);
      if (this.#folded.has(around.text)) return around;
    }
    return undefined;
  }
}
