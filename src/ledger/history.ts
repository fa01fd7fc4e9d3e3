import type { Database, Statement } from 'better-sqlite3';
import type { Clock } from '../model/clock.js';

export interface HistoryOptions {
  readonly clock: Clock;
  /** Milliseconds that a ban is remembered for, from its beginning. */
  readonly retention: number;
  /** Rows that are kept when it has been walked through, some 60 bytes each: the newest. */
  readonly capacity: number;
}

/** How often a jail banned a prefix, the live ban included. */
export interface Past {
  readonly address: string;
  readonly jail: string;
  readonly bans: number;
  /** When the first and the last of these bans began, milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
}

type Row = Pick<Past, 'address' | 'jail' | 'last'>;

const OF = `SELECT address, jail, SUM(bans) AS bans, MIN(first) AS first, MAX(last) AS last FROM (
    SELECT address, jail, bans, first, last FROM history WHERE address = @address
    UNION ALL
    SELECT address, jail, times, COALESCE(first, since), since FROM ban WHERE address = @address
  ) GROUP BY jail ORDER BY jail`;

const WALK = `SELECT address, jail, last FROM history
  WHERE (address, jail) > (@address, @jail) ORDER BY address, jail LIMIT @size`;

const START = { address: '', jail: '' };

/** Milliseconds that rows are told apart by when there are too many. */
const GRAIN = 3_600_000;

/**
 * Bans that are over: who, by which jail, how often, when. Its callers bring the transaction.
 *
 * Old rows are found by walking through all of them: an index by time would triple the cost of lifting a million bans.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #of: Statement<[{ address: string }], Past>;
  readonly #walk: Statement<[{ address: string; jail: string; size: number }], Row>;
  readonly #forget: Statement<[string, string]>;
  /** Where the walk is. */
  #at: Pick<Row, 'address' | 'jail'> = START;
  /** Rows that this walk has kept, by hour. */
  #kept = new Map<number, number>();
  /** Of rows from before this hour none is kept, and of those from within it so many are too many. */
  #hour = Number.NEGATIVE_INFINITY;
  #surplus = 0;

  constructor(database: Database, options: HistoryOptions) {
    this.#options = options;
    this.#of = database.prepare(OF);
    this.#walk = database.prepare(WALK);
    this.#forget = database.prepare('DELETE FROM history WHERE address = ? AND jail = ?');
  }

  /** What is known of one prefix, by jail. */
  of(address: string): readonly Past[] {
    return this.#of.all({ address });
  }

  /** Looks at the next `size` rows and forgets those that are too old, or too many; true if there may be more to forget. */
  prune(size: number): boolean {
    const rows = this.#walk.all({ ...this.#at, size });
    const before = this.#options.clock() - this.#options.retention;
    for (const { address, jail, last } of rows) {
      if (last < before || this.#isTooMuch(last)) this.#forget.run(address, jail);
    }
    this.#at = rows.at(-1) ?? START;
    return rows.length === size || this.#turnBack();
  }

  #isTooMuch(last: number): boolean {
    const hour = Math.floor(last / GRAIN);
    if (hour < this.#hour || (hour === this.#hour && this.#surplus-- > 0)) return true;
    this.#kept.set(hour, (this.#kept.get(hour) ?? 0) + 1);
    return false;
  }

  /** At the end: true if another walk is needed, because there are too many. */
  #turnBack(): boolean {
    const hours = [...this.#kept].sort(([a], [b]) => a - b);
    let surplus = hours.reduce((sum, [, count]) => sum + count, 0) - this.#options.capacity;
    this.#at = START;
    this.#kept = new Map();
    this.#hour = Number.NEGATIVE_INFINITY;
    if (surplus <= 0) return false;
    for (const [hour, count] of hours) {
      [this.#hour, this.#surplus] = [hour, surplus];
      surplus -= count;
      if (surplus <= 0) break;
    }
    return true;
  }
}
