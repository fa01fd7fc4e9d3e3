import { type Context, createContext, Script } from 'node:vm';

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
}
