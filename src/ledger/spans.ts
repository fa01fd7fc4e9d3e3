import type { Family, Prefix } from '../model/prefix.js';
import { areaOf, areasIn, isUnit, isWide, spanOf, unitsIn } from './units.js';

/** Areas that are told apart, in 4 MiB, of which memory is only what is used; with a million bans one area in five is looked through in vain. */
const SLOTS = 2 ** 22;

/** A slot that has counted so far is never empty again. */
const MOST = 255;

/**
 * What has to be known to find out which single elements lie in a wide prefix, and which prefix a single one lies in, without a look at rows: how
 * many bans there are of each length of wide prefixes, and about how many in each area of 256 single elements.
 *
 * Changes since `begin` can be undone.
 */
export class Spans {
  readonly #lengths: Readonly<Record<Family, Map<number, number>>> = { 4: new Map(), 6: new Map() };
  readonly #areas = new Uint8Array(SLOTS);
  #units = 0;
  /** What was done since `begin`: a text for each that was made, and a text with a minus before it for each that went. */
  #done: string[] | undefined;

  /** @param from where the address begins in `text`, and `to` where it ends. */
  add(text: string, from = 0, to = text.length): void {
    this.#done?.push(text.slice(from, to));
    this.#count(text, from, to, 1);
  }

  remove(text: string): void {
    this.#done?.push(`-${text}`);
    this.#count(text, 0, text.length, -1);
  }

  begin(): void {
    this.#done = [];
  }

  commit(): void {
    this.#done = undefined;
  }

  rollback(): void {
    const done = this.#done ?? [];
    this.#done = undefined;
    for (const text of done.reverse()) {
      if (text.startsWith('-')) this.#count(text, 1, text.length, 1);
      else this.#count(text, 0, text.length, -1);
    }
  }

  /** Lengths of wide prefixes that have bans, the widest first. */
  lengths(family: Family): readonly number[] {
    const { size } = this.#lengths[family];
    return size === 0 ? NONE : [...this.#lengths[family].keys()].sort((a, b) => a - b);
  }

  /** The texts of single elements of a wide prefix that may have bans, and of some that have none. */
  *unitsIn(prefix: Prefix): Generator<string> {
    if (this.#units === 0) return;
    for (const { area, index } of areasIn(prefix)) {
      if (this.#areas[area % SLOTS] !== 0) yield* unitsIn(prefix, index);
    }
  }

  #count(text: string, from: number, to: number, by: 1 | -1): void {
    const span = spanOf(text, from, to);
    if (isUnit(span)) {
      this.#units += by;
      const slot = areaOf(span.family, text, from, to) % SLOTS;
      if (this.#areas[slot] !== MOST) this.#areas[slot] = (this.#areas[slot] as number) + by;
    } else if (isWide(span)) {
      const lengths = this.#lengths[span.family];
      const count = (lengths.get(span.length) ?? 0) + by;
      if (count > 0) lengths.set(span.length, count);
      else lengths.delete(span.length);
    }
  }
}

const NONE: readonly number[] = [];
