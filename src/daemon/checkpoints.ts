import type { Ledger } from '../ledger/ledger.js';
import { messageOf } from '../model/errors.js';

/** Rows that may wait for a checkpoint, and how long they may, in milliseconds. */
const MOST_ROWS = 50_000;
const LONGEST = 10_000;

/** When the ledger's log is put away: behind a ban, never before one; after so many rows at once, else when it is quiet. */
export class Checkpoints {
  readonly #ledger: Pick<Ledger, 'checkpoint'>;
  readonly #problem: (sentence: string) => void;
  /** Written since the last one. */
  #rows = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ledger: Pick<Ledger, 'checkpoint'>, problem: (sentence: string) => void) {
    this.#ledger = ledger;
    this.#problem = problem;
  }

  soon(rows: number): void {
    this.#rows += rows;
    if (this.#rows >= MOST_ROWS) this.now();
    else this.#timer ??= setTimeout(() => this.now(), LONGEST).unref();
  }

  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rows = 0;
    try {
      this.#ledger.checkpoint();
    } catch (thrown) {
      this.#problem(messageOf(thrown));
    }
  }
}
