import type { Prefix } from '../model/prefix.js';
import type { Ban, Change } from '../model/street.js';
import type { Bans } from './bans.js';
import { banOf, type Row, stored } from './rows.js';
import { isUnit } from './units.js';

type Rows = Pick<Bans, 'rowsOf' | 'isShared' | 'union' | 'lengths' | 'unitsIn'>;

/** How long something is banned: until then, null is for ever, undefined not at all. */
export type End = number | null | undefined;

/** What rows mean: of several of one address the longest counts, and those that have ended do not. */
export class View {
  readonly #bans: Rows;
  readonly #refusal: (prefix: Prefix) => string | undefined;

  constructor(bans: Rows, refusal: (prefix: Prefix) => string | undefined) {
    this.#bans = bans;
    this.#refusal = refusal;
  }

  /** The live rows of an address, by jail. */
  live(address: string, now: number): readonly Row[] {
    return this.#bans.rowsOf(address).filter(({ until }) => until === null || until > now);
  }

  /** All live bans of a row's address if it is the first of them, and none if it is not: the first tells them. */
  withOthers(row: Row, now: number): readonly Ban[] {
    if (!this.#bans.isShared(row.address)) return [banOf(row)];
    const rows = this.live(row.address, now);
    return rows.some(({ id }) => id < row.id) ? [] : rows.map((other) => banOf(other));
  }

  /** What the kernel has to hold of a live row's address; nothing if it is not the first of it. */
  elementOf(id: number, address: string, until: number | null, now: number): readonly Change[] {
    const prefix = stored(address);
    if (this.#bans.isShared(address)) {
      return this.live(address, now).some((other) => other.id < id) ? [] : [this.change(prefix, now)];
    }
    return [this.#refusal(prefix) === undefined ? this.held(prefix, until, now) : { verb: 'remove', prefix }];
  }

  /**
   * What the kernel has to hold of a prefix: the one place where that is decided. A prefix that must never be banned is taken away, whatever
   * stands in the file: the never-list may be newer. A single element is folded into a wide one that lasts as long.
   */
  change(prefix: Prefix, now: number): Change {
    const until = this.end(prefix, now);
    if (until === undefined || this.#refusal(prefix) !== undefined) return { verb: 'remove', prefix };
    return this.held(prefix, until, now);
  }

  /** When the last of its bans ends, whether or not it must never be banned. */
  end({ text }: Prefix, now: number): End {
    const { bans, until } = this.#bans.union(text, now);
    return bans === 0 ? undefined : until;
  }

  /** When its element ends, if the kernel has to hold one for its own bans. */
  heldUntil(prefix: Prefix, now: number): End {
    return this.#refusal(prefix) === undefined ? this.end(prefix, now) : undefined;
  }

  /** The single elements of a wide prefix that are banned, as `change` has them, and their ends. */
  *below(prefix: Prefix, now: number): Generator<readonly [Change, number | null]> {
    for (const text of this.#bans.unitsIn(prefix)) {
      const single = stored(text);
      const until = this.heldUntil(single, now);
      if (until !== undefined) yield [this.held(single, until, now), until];
    }
  }

  /** As `change`, of a prefix that is banned until then, and may be. */
  held(prefix: Prefix, until: number | null, now: number): Change {
    const foldedInto = isUnit(prefix) ? this.#around(prefix, until, now) : undefined;
    return foldedInto ? { verb: 'remove', prefix, foldedInto } : { verb: 'add', prefix, until };
  }

  /** The widest prefix around a single element whose own lasts as long. */
  #around(single: Prefix, until: number | null, now: number): Prefix | undefined {
    for (const length of this.#bans.lengths(single.family)) {
      const wide = single.widened(length);
      if (lasts(this.heldUntil(wide, now), until)) return wide;
    }
    return undefined;
  }
}

/** Whether `end` is no earlier than `until`. */
export const lasts = (end: End, until: number | null): boolean =>
  end === null || (end !== undefined && until !== null && end >= until);
