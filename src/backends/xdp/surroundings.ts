import { type Watch, watchDefaultRoutes, watchLinks } from '../../rtnetlink/watch.js';

/** Interfaces often come in swarms, and a new one is renamed and set up in the next moment. Milliseconds. */
const QUIET = 50;

/** No event tells that a bpf_link was detached by force, or that another one left an interface free. Milliseconds. */
const LOOK_EVERY = 60_000;

/** Has somebody look again, one look at a time, when interfaces or default routes change, and now and then. */
export class Surroundings {
  readonly #routes: boolean;
  readonly #look: () => Promise<void>;
  readonly #every: number;
  #watches: Watch[] = [];
  #interval: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();

  /**
   * @param routes whether default routes matter.
   * @param look never rejects.
   */
  constructor(routes: boolean, look: () => Promise<void>, every = LOOK_EVERY) {
    this.#routes = routes;
    this.#look = look;
    this.#every = every;
  }

  /** @throws NetlinkError */
  watch(): void {
    this.#interval = setInterval(() => this.soon(), this.#every).unref();
    this.#watches.push(watchLinks(() => this.soon()));
    if (this.#routes) this.#watches.push(watchDefaultRoutes(() => this.soon()));
  }

  /** So soon after the first of many events, and not after the last: who never stops changing is looked at all the same. */
  soon(): void {
    if (!this.#interval) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#working = this.#working.then(() => (this.#interval ? this.#look() : undefined));
    }, QUIET).unref();
  }

  /** Nobody looks any more when this resolves. */
  async close(): Promise<void> {
    clearInterval(this.#interval);
    clearTimeout(this.#timer);
    this.#interval = undefined;
    for (const watch of this.#watches.splice(0)) watch.close();
    await this.#working;
  }
}
