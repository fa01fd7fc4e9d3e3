import type { Prefix } from '../model/prefix.js';
import type { Ban, Change } from '../model/street.js';
import type { Bans } from './bans.js';
import { banOf, type Row, stored } from './rows.js';

/** What rows mean: of several of one address the longest counts, and those that have ended do not. */
export class View {
  readonly #bans: Pick<Bans, 'rowsOf' | 'isShared' | 'union'>;
  readonly #refusal: (prefix: Prefix) => string | undefined;

  constructor(bans: Pick<Bans, 'rowsOf' | 'isShared' | 'union'>, refusal: (prefix: Prefix) => string | undefined) {
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
    return [this.#refusal(prefix) === undefined ? { verb: 'add', prefix, until } : { verb: 'remove', prefix }];
  }

  /** A prefix that must never be banned is taken away, whatever stands in the file: the never-list may be newer. */
  change(prefix: Prefix, now: number): Change {
    const { bans, until } = this.#bans.union(prefix.text, now);
    if (bans === 0 || this.#refusal(prefix) !== undefined) return { verb: 'remove', prefix };
    return { verb: 'add', prefix, until };
  }
}
