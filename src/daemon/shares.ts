import type { JailConfig } from '../config/config.js';
import type { Ledger, Page } from '../ledger/ledger.js';
import type { Share } from '../ledger/share.js';
import type { Prefix } from '../model/prefix.js';
import { type AddChange, type Change, isFold } from '../model/street.js';

type Jails = readonly Pick<JailConfig, 'name' | 'backends'>[];

/**
 * Whose bans go to which backend: those of all jails, but of those that name others. What no jail of the configuration has banned, people for
 * example, goes to all.
 */
export class Shares {
  #jails: () => Jails;

  constructor(jails: Jails) {
    this.#jails = () => jails;
  }

  /** From here on by the configuration in force. @param jails another list where that has changed. */
  follow(jails: () => Jails): void {
    this.#jails = jails;
  }

  of(backend: string): Share {
    let known: Jails | undefined;
    let excluded: ReadonlySet<string> = new Set();
    const look = (): ReadonlySet<string> => {
      const jails = this.#jails();
      if (jails === known) return excluded;
      known = jails;
      const others = jails.filter(({ backends }) => backends && !backends.includes(backend));
      excluded = new Set(others.map(({ name }) => name));
      return excluded;
    };
    return {
      get isWhole() {
        return look().size === 0;
      },
      includes: (jail) => !look().has(jail),
    };
  }
}

export interface SharedLedgerOptions {
  readonly ledger: Pick<Ledger, 'changesFor' | 'elementsBehind' | 'range' | 'count'>;
  /** Whose bans the backend holds, and whose the first one does, which the ledger's own changes are for. */
  readonly share: Share;
  readonly first: Share;
  /** As the backend's. */
  readonly unfit: (change: AddChange) => string | undefined;
}

/** The ledger as one backend has to hold it: its share of the bans, without elements that it never holds. */
export class SharedLedger implements Pick<Ledger, 'changesOf' | 'elements' | 'elementsBehind' | 'range' | 'count'> {
  readonly #options: SharedLedgerOptions;

  constructor(options: SharedLedgerOptions) {
    this.#options = options;
  }

  /** @throws DropsetError `ledger` */
  changesOf(prefixes: readonly Prefix[]): readonly Change[] {
    const { ledger, share } = this.#options;
    return ledger.changesFor(prefixes, share).map((change) => this.fitting(change));
  }

  /** What changes for the first backend mean for this one. @throws DropsetError `ledger` */
  translated(changes: readonly Change[]): readonly Change[] {
    const { share, first } = this.#options;
    const isSame = share.isWhole && first.isWhole && !changes.some(isFold);
    return isSame ? changes.map((change) => this.fitting(change)) : this.changesOf(changes.map(({ prefix }) => prefix));
  }

  elementsBehind(behind: number, size: number): Page {
    const { changes, last } = this.#options.ledger.elementsBehind(behind, size);
    return { changes: this.translated(changes), last };
  }

  *elements(size = 1000): Generator<readonly Change[]> {
    for (let last: number | undefined = 0; last !== undefined; ) {
      const page: Page = this.elementsBehind(last, size);
      if (page.changes.length > 0) yield page.changes;
      last = page.last;
    }
  }

  get range(): Ledger['range'] {
    return this.#options.ledger.range;
  }

  count(): number {
    return this.#options.ledger.count();
  }

  /** What the backend never holds is taken away: it may hold what was fit before. */
  fitting(change: Change): Change {
    const isUnfit = change.verb === 'add' && this.#options.unfit(change) !== undefined;
    return isUnfit ? { verb: 'remove', prefix: change.prefix } : change;
  }
}
