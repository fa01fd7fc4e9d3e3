/** Milliseconds between two times that the ledger is tidied up, and between two steps of one time: bans come first. */
const INTERVAL = 3_600_000;
const PAUSE = 100;

/** Tidies up in small steps, now and then: each is short, and between two of them everything else has its turn. */
export class Upkeep {
  readonly #step: () => boolean;
  readonly #failed: (thrown: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param step answers whether there may be more to do.
   * @param failed is told what `step` threw.
   */
  constructor(step: () => boolean, failed: (thrown: unknown) => void) {
    this.#step = step;
    this.#failed = failed;
  }

  /** There is something to do. */
  soon(): void {
    this.start(PAUSE);
  }

  start(wait = INTERVAL): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.start(this.#once() ? PAUSE : INTERVAL), wait).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #once(): boolean {
    try {
      return this.#step();
    } catch (thrown) {
      this.#failed(thrown);
      return false;
    }
  }
}
