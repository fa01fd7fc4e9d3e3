import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file beside the ledger that is there as long as the ledger has all bans. When it cannot take one, the file goes: to remove one needs no room
 * on a full disk. So the next start knows, also after kill -9, that what only the kernel holds may be bans of ours.
 */
export class WholeMark {
  readonly #path: string | undefined;
  #isThere: boolean;
  /** Whether the run before was the last to know, and the ledger lacked bans. */
  readonly isMissing: boolean;

  /** @param state the folder of the ledger, which is not open yet; without one nothing is marked. */
  constructor(state: string | undefined) {
    this.#path = state && join(state, 'whole');
    this.#isThere = this.#path === undefined || existsSync(this.#path);
    this.isMissing = !this.#isThere && state !== undefined && existsSync(join(state, 'ledger.db'));
  }

  /** The ledger lacks bans that the kernel may hold. */
  remove(): void {
    if (!this.#isThere || this.#path === undefined) return;
    try {
      rmSync(this.#path, { force: true });
      this.#isThere = false;
    } catch {
      // A file system that is read-only: then there is no telling the next run anything.
    }
  }

  /** The ledger has all. */
  put(): void {
    if (this.#isThere || this.#path === undefined) return;
    try {
      writeFileSync(this.#path, '', { mode: 0o600 });
      this.#isThere = true;
    } catch {
      // The next start looks once more at what the kernel holds, and finds nothing new.
    }
  }
}
