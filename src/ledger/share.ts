import type { Family, Prefix } from '../model/prefix.js';
import type { Bans } from './bans.js';
import { type Union, unionOf } from './bans.js';
import type { Row } from './rows.js';

/** Whose bans one backend is to hold. It may be another from one call to the next. */
export interface Share {
  /** Whether that is everybody's: then nothing is asked for. */
  readonly isWhole: boolean;
  includes(jail: string): boolean;
}

export const WHOLE: Share = { isWhole: true, includes: () => true };

/** The bans as a view reads them, without those that are not in a share. */
export class SharedBans
  implements Pick<Bans, 'rowsOf' | 'isShared' | 'union' | 'lengths' | 'unitsIn' | 'mayHave' | 'version'>
{
  readonly #bans: Bans;
  readonly #share: Share;

  constructor(bans: Bans, share: Share) {
    this.#bans = bans;
    this.#share = share;
  }

  rowsOf(address: string): readonly Row[] {
    const rows = this.#bans.rowsOf(address);
    return this.#share.isWhole ? rows : rows.filter(({ jail }) => this.#share.includes(jail));
  }

  /** A row alone does not say whether it is in the share. */
  isShared(address: string): boolean {
    return !this.#share.isWhole || this.#bans.isShared(address);
  }

  union(address: string, now: number): Union {
    return unionOf(this.rowsOf(address), now);
  }

  lengths(family: Family): readonly number[] {
    return this.#bans.lengths(family);
  }

  unitsIn(prefix: Prefix): ReturnType<Bans['unitsIn']> {
    return this.#bans.unitsIn(prefix);
  }

  mayHave(...asked: Parameters<Bans['mayHave']>): boolean {
    return this.#bans.mayHave(...asked);
  }

  get version(): number {
    return this.#bans.version;
  }
}
