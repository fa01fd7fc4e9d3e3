import type { Database } from 'better-sqlite3';
import { systemClock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Bans } from './bans.js';
import { Doubts } from './doubts.js';
import type { Recorded } from './folding.js';
import { History } from './history.js';
import { JailScopes } from './jail-scopes.js';
import { isDamage } from './open.js';
import type { LedgerOptions } from './options.js';
import { ProgressLog } from './progress.js';
import { type Share, SharedBans, WHOLE } from './share.js';
import { View } from './view.js';

/** Where the database comes from. */
export interface Source {
  readonly database: Database;
  /** Puts another one in the place of a damaged one. */
  replace?(): void;
  mend?(): boolean;
}

const NONE = (): undefined => undefined;

/** What a ledger consists of. */
export class Parts {
  readonly history: History;
  readonly bans: Bans;
  /** What the backend is to hold. */
  readonly view: View;
  /** All that stands in the ledger. */
  readonly whole: View;
  /** Whose bans `view` is of. */
  readonly share: Share;
  /** @param folds whether single elements are folded into wide ones. */
  readonly viewOf: (share: Share, folds: boolean) => View;
  readonly progress: ProgressLog;
  readonly doubts: Doubts;
  readonly jailScopes: JailScopes;
  /** Which doubt is over when these have arrived. */
  readonly doubtOf = new WeakMap<Recorded, number>();

  constructor(
    database: Database,
    { clock = systemClock, refusal = NONE, share = WHOLE, history, mostHistory }: LedgerOptions,
  ) {
    const [retention, capacity] = [history ?? 180 * 86_400_000, mostHistory ?? 1_000_000];
    this.history = new History(database, { clock, retention, capacity });
    this.bans = new Bans(database, this.history);
    this.whole = new View(this.bans, refusal);
    this.share = share;
    this.viewOf = (of, folds) => new View(new SharedBans(this.bans, of), refusal, folds);
    this.view = this.viewOf(share, true);
    this.progress = new ProgressLog(database);
    this.doubts = new Doubts(database);
    this.jailScopes = new JailScopes(database);
  }
}

/** The database at hand, with its parts and transactions. Where it turns out to be damaged, another one takes its place. */
export class Session {
  readonly #source: Source;
  #options: LedgerOptions;
  #parts: Parts;

  constructor(source: Source, options: LedgerOptions) {
    this.#source = source;
    this.#options = options;
    this.#parts = new Parts(source.database, options);
  }

  get database(): Database {
    return this.#source.database;
  }

  /** As long as the database is the same. */
  get parts(): Parts {
    return this.#parts;
  }

  /** Reads. @throws DropsetError `ledger` */
  read<T>(work: (parts: Parts) => T): T {
    return this.#transaction('reading', work);
  }

  /** All of it, or nothing. @throws DropsetError `ledger` */
  write<T>(work: (parts: Parts) => T): T {
    return this.#transaction('writing', work);
  }

  /** What is no transaction, but of the file. @throws DropsetError `ledger` */
  keep<T>(work: (database: Database) => T): T {
    try {
      return work(this.database);
    } catch (thrown) {
      throw this.#failure('writing', thrown);
    }
  }

  /** Tries to take the file again that memory stands in for; true if all is in order. */
  mend(): boolean {
    const before = this.database;
    const isMended = this.#source.mend?.() ?? true;
    if (this.database !== before) this.#useAnother();
    return isMended;
  }

  /** Remembers bans that are over for so many milliseconds from here on. */
  remember(history: number): void {
    this.#options = { ...this.#options, history };
    this.#parts.history.retain(history);
  }

  #transaction<T>(what: string, work: (parts: Parts) => T): T {
    const { bans } = this.#parts;
    try {
      const result = this.database.transaction(() => {
        bans.begin();
        const answer = work(this.#parts);
        bans.flush();
        return answer;
      })();
      bans.commit();
      return result;
    } catch (thrown) {
      bans.rollback();
      const failure = this.#failure(what, thrown);
      if (isDamage(thrown) && this.#source.replace) {
        this.#source.replace();
        this.#useAnother();
      }
      throw failure;
    }
  }

  #useAnother(): void {
    this.#parts = new Parts(this.database, this.#options);
  }

  #failure(what: string, thrown: unknown): DropsetError {
    return new DropsetError('ledger', `${what} the ledger ${this.database.name}: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}
