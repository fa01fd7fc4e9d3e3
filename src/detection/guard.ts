import { type Context, createContext, Script } from 'node:vm';
import { threadTime } from './thread-time.js';

/** So much of its time the work must have had of a processor to be blamed; and how often it is begun. */
const SHARE = 0.75;
const MOST_TRIES = 5;

/**
 * Runs work that may not take longer than its time. V8 cannot be told to bound a regular expression, but it can be told to
 * stop whatever it runs, and irregexp looks for that at each backtrack: `node:vm` does so from a thread of its own (some
 * 50 us a call, so that a call should be worth it). The work is left where it was: nothing of it goes on, not even a
 * `finally`.
 */
export class Guard {
  readonly #script = new Script('work()');
  readonly #context: Context = createContext({ work: undefined });

  /** @returns whether the work came to its end within `milliseconds` (whole, 1 or more). What it throws is thrown. */
  run(milliseconds: number, work: () => void): boolean {
    this.#context.work = work;
    try {
      this.#script.runInContext(this.#context, { timeout: milliseconds });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw error;
    } finally {
      this.#context.work = undefined;
    }
  }

  /**
   * As `run`, by the thread's own time: work that is stopped while others had the processor is begun again.
   *
   * @returns false if the work is to blame, or the machine has been standing still for long.
   */
  runFairly(milliseconds: number, work: () => void): boolean {
    for (let times = 0; times < MOST_TRIES; times++) {
      const before = threadTime();
      if (this.run(milliseconds, work)) return true;
      if (threadTime() - before > milliseconds * SHARE) return false;
    }
    return false;
  }
}
