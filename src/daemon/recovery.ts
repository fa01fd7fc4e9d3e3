import type { WholeMark } from './whole-mark.js';

/** Milliseconds between two tries to bring the ledger back. */
const PAUSE = 5_000;

export interface RecoveryOptions {
  /** Takes the file again and writes what had to wait; true if all is in order. */
  readonly mend: () => boolean;
  /** Writes down what only the kernel knows. */
  readonly rebuild: (signal: AbortSignal) => Promise<unknown>;
  /** Says for the next run whether the ledger has all bans. */
  readonly mark?: Pick<WholeMark, 'put' | 'remove'>;
  /** Told what either threw. */
  readonly failed: (thrown: unknown) => void;
  readonly pause?: number;
}

/** Brings the ledger back after a fault, every few seconds until it is. Does nothing while there is none. */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isLoss = false;
  #isReady = false;
  /** There has been a fault since the last try began. */
  #isDue = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** There is a fault. @param isLoss whether bans may be missing that the kernel holds. */
  begin(isLoss: boolean): void {
    this.#isLoss ||= isLoss;
    this.#isDue = true;
    this.#options.mark?.remove();
    this.#arm();
  }

  /** The kernel is open and filled: from now on it can be asked. Begins with what has been wrong so far. */
  ready(): void {
    this.#isReady = true;
    if (!this.isPending) this.#options.mark?.put();
    this.#arm(0);
  }

  /** Whether the ledger may lack what the kernel holds: then nobody must take that for a stranger. */
  get isPending(): boolean {
    return this.#isDue || this.#timer !== undefined;
  }

  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#timer);
  }

  #arm(wait = this.#options.pause ?? PAUSE): void {
    if (!this.#isReady || !this.#isDue || this.#stopping.signal.aborted) return;
    this.#timer ??= setTimeout(() => void this.#try(), wait).unref();
  }

  async #try(): Promise<void> {
    let isDone = false;
    this.#isDue = false;
    try {
      isDone = this.#options.mend();
      if (isDone && this.#isLoss) {
        // Before it begins: what is lost meanwhile has to be looked for anew.
        this.#isLoss = false;
        isDone = false;
        await this.#options.rebuild(this.#stopping.signal);
        isDone = true;
      }
    } catch (thrown) {
      this.#isLoss = true;
      this.#options.failed(thrown);
    }
    this.#timer = undefined;
    this.#isDue ||= !isDone;
    if (!this.#isDue && !this.#stopping.signal.aborted) this.#options.mark?.put();
    this.#arm();
  }
}
