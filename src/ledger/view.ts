import type { Prefix } from '../model/prefix.js';
import type { Scope } from '../model/scope.js';
import type { Ban, Change } from '../model/street.js';
import type { Bans } from './bans.js';
import { banOf, type Row, stored, storedScope } from './rows.js';
import type { End } from './statements.js';

/** What rows mean: of several of one address the longest counts, their scopes are joined, and those that have ended do not count. */
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
  elementOf([id, address, until, scope]: End, now: number): readonly Change[] {
    const prefix = stored(address);
    if (this.#bans.isShared(address)) {
      return this.live(address, now).some((other) => other.id < id) ? [] : [this.change(prefix, now)];
    }
    return [
      this.#refusal(prefix) === undefined ? addOf(prefix, until, storedScope(scope)) : { verb: 'remove', prefix },
    ];
  }

  /** A prefix that must never be banned is taken away, whatever stands in the file: the never-list may be newer. */
  change(prefix: Prefix, now: number): Change {
    const { bans, until, scope } = this.#bans.union(prefix.text, now);
    if (bans === 0 || this.#refusal(prefix) !== undefined) return { verb: 'remove', prefix };
    return addOf(prefix, until, scope);
  }
}

/** The change that makes an element of that scope. */
export const addOf = (prefix: Prefix, until: number | null, scope: Scope | undefined): Change =>
  scope ? { verb: 'add', prefix, until, scope } : { verb: 'add', prefix, until };
