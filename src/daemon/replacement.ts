import { setImmediate as turn } from 'node:timers/promises';
import type { Replacement } from '../control/api.js';
import type { Ledger } from '../ledger/ledger.js';
import { DropsetError } from '../model/errors.js';
import { jailOfList } from '../model/list-source.js';
import { Prefix } from '../model/prefix.js';
import { PrefixCounts } from '../model/prefix-counts.js';
import type { Ban } from '../model/street.js';
import type { Enforcement } from './enforcement.js';

/** Bans that are looked at before others have their turn. */
const PAGE = 500;

/** So many may always go; more than that only if half of the list stays: a download that broke off looks the same as a list that shrank. */
const FEW = 100;

export interface ReplacementOptions {
  readonly ledger: Pick<Ledger, 'bans'>;
  readonly enforcement: Pick<Enforcement, 'enforce'>;
}

/** Lists that are taking the place of earlier ones, one of a source at a time. */
export class Replacements {
  readonly #options: ReplacementOptions;
  readonly #sources = new Set<string>();

  constructor(options: ReplacementOptions) {
    this.#options = options;
  }

  /** @throws DropsetError `request` for what is no name of a list, `busy` if another list of it is being read. */
  begin(source: string): Replacement {
    const jail = jailOfList(source);
    if (this.#sources.has(source)) {
      throw new DropsetError('busy', `another list of ${source} is being imported: wait until that is done`);
    }
    this.#sources.add(source);
    return new Replacing(this.#options, jail, () => this.#sources.delete(source));
  }
}

class Replacing implements Replacement {
  readonly #options: ReplacementOptions;
  readonly #jail: string;
  readonly #over: () => void;
  #named = new PrefixCounts();
  /** Somebody had no room in `#named`. */
  #isFull = false;

  constructor(options: ReplacementOptions, jail: string, over: () => void) {
    this.#options = options;
    this.#jail = jail;
    this.#over = over;
  }

  keep(address: string): void {
    const prefix = Prefix.tryParse(address);
    if (prefix && this.#named.add(prefix) === undefined) this.#isFull = true;
  }

  async finish(shrink: boolean): Promise<{ lifted: number; kept?: string }> {
    const kept = await this.#objection(shrink);
    return kept === undefined ? { lifted: await this.#lift() } : { lifted: 0, kept };
  }

  release(): void {
    this.#named = new PrefixCounts(0);
    this.#over();
  }

  /** Why nothing is lifted, or undefined. */
  async #objection(shrink: boolean): Promise<string | undefined> {
    const rest = `no other ban of ${this.#jail} is lifted`;
    if (this.#isFull) return `the list names more than ${this.#named.size} addresses: ${rest}`;
    if (shrink) return undefined;
    if (this.#named.size === 0) return `the list names nobody: ${rest}; if that is meant, say --shrink`;
    let [all, gone] = [0, 0];
    for (const page of this.#options.ledger.bans(PAGE)) {
      all += page.filter(({ jail }) => jail === this.#jail).length;
      gone += page.filter((ban) => this.#isGone(ban)).length;
      await turn();
    }
    if (gone <= FEW || gone * 2 <= all) return undefined;
    return `the list no longer names ${gone} of ${all}, more than half: ${rest}; if that is meant, say --shrink`;
  }

  async #lift(): Promise<number> {
    let lifted = 0;
    for (const page of this.#options.ledger.bans(PAGE)) {
      const gone = page.filter((ban) => this.#isGone(ban));
      if (gone.length > 0) {
        await this.#options.enforcement.enforce(gone.map(({ prefix, jail }) => ({ kind: 'unban', prefix, jail })));
        lifted += gone.length;
      } else await turn();
    }
    return lifted;
  }

  #isGone({ prefix, jail }: Ban): boolean {
    return jail === this.#jail && !this.#named.has(prefix);
  }
}
