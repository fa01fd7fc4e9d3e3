import type { Prefix } from '../model/prefix.js';
import { outermost, PrefixIndex } from '../model/prefix-index.js';

/** Pieces that one prefix is cut into at most. */
const MOST_PIECES = 65_536;

/** Who passes whatever stands. Immutable. */
export class Allowed {
  readonly #index: PrefixIndex<undefined>;
  /** The outermost, by their text: disjoint. */
  readonly prefixes: ReadonlyMap<string, Prefix>;

  constructor(prefixes: readonly Prefix[]) {
    const entries = outermost(prefixes);
    this.prefixes = new Map(entries.map((prefix) => [prefix.text, prefix]));
    this.#index = new PrefixIndex(entries.map((prefix) => [prefix, undefined] as const));
  }

  covers(prefix: Prefix): boolean {
    return this.#index.overlapping(prefix)?.[0].covers(prefix) === true;
  }

  /**
   * What is left of a prefix without those who pass, as prefixes, in order: for lists that know no exceptions. A single address inside an
   * IPv4 /24 leaves 8 pieces, inside an IPv6 /64 64.
   *
   * @returns undefined where that would be more than 65,536.
   */
  cut(prefix: Prefix): readonly Prefix[] | undefined {
    const pieces: Prefix[] = [];
    return this.#cutInto(pieces, prefix) ? pieces : undefined;
  }

  #cutInto(pieces: Prefix[], prefix: Prefix): boolean {
    const passing = this.#index.overlapping(prefix)?.[0];
    if (passing?.covers(prefix)) return true;
    if (!passing) return pieces.push(prefix) <= MOST_PIECES;
    return prefix.halves().every((half) => this.#cutInto(pieces, half));
  }
}
