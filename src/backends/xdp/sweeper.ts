import { setImmediate } from 'node:timers/promises';
import type { Tables } from '../../bpf/tables.js';

/** Milliseconds between two sweeps. */
const INTERVAL = 60_000;

/** Slots between two looks at the event loop: about half a millisecond. */
const AT_ONCE = 16_384;

/**
 * Takes out what is over, and clears the presence cells that nobody needs any more. The program passes over what has expired by itself,
 * so this is for memory and for the price of a clean packet; nothing is done where nothing has ended.
 */
export class Sweeper {
  #tables: Tables;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#timer = setInterval(() => void this.settle(), INTERVAL).unref();
  }

  /** Goes on with other tables; the old ones are not touched any more when this resolves. */
  async follow(tables: Tables): Promise<void> {
    this.#tables = tables;
    await this.#running;
  }

  /** Sweeps if something has ended; resolves when that is done. */
  settle(): Promise<void> {
    if (!this.#running && this.#timer && this.#tables.state.due) {
      this.#running = this.#sweep().finally(() => {
        this.#running = undefined;
      });
    }
    return this.#running ?? Promise.resolve();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }

  async #sweep(): Promise<void> {
    const tables = this.#tables;
    while (this.#timer && tables === this.#tables && tables.sweep(AT_ONCE)) await setImmediate();
  }
}
