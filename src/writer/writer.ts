import PQueue from 'p-queue';
import { Batch } from '../model/batch.js';
import { type Clock, systemClock } from '../model/clock.js';
import type { Refusal } from '../model/refusal.js';
import type { Change, Receipt } from '../model/street.js';
import { carryOut, clearOut, type Sink } from './commit.js';

/** What the writer has done since it was made. */
export interface WriterCounters {
  /** Changes handed in that are not yet answered. */
  readonly pending: number;
  readonly batches: number;
  readonly written: number;
  /** Changes that the kernel refused. */
  readonly refused: number;
}

/** One call of `write`, and how many of its changes are still to be answered. */
interface Order {
  readonly receipts: Receipt[];
  missing: number;
  readonly resolve: (receipts: readonly Receipt[]) => void;
}

/** A change that waits for its batch. */
interface Entry {
  readonly change: Change;
  readonly order: Order;
  /** Its place in the order. */
  readonly index: number;
  /** An earlier change to the same element, which this one answers for. */
  readonly superseded: Entry | undefined;
}

/** Everything is to go, when what was handed in before has been written. */
interface Clear {
  readonly before: Map<string, Entry>;
  readonly resolve: (refusal: Refusal | undefined) => void;
}

/**
 * Group commit: an idle writer sends at once, a busy one gathers and sends all that came meanwhile as the next batch. One
 * batch is in flight. Of several changes to one element the last is sent, and answers for all of them.
 *
 * Nothing is ever dropped: each change gets a receipt, the kernel's acknowledgement or its refusal.
 */
export class Writer {
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #queue = new PQueue({ concurrency: 1 });
  #pending = new Map<string, Entry>();
  #clears: Clear[] = [];
  #counters = { pending: 0, batches: 0, written: 0, refused: 0 };

  constructor(sink: Sink, clock: Clock = systemClock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  get counters(): WriterCounters {
    return this.#counters;
  }

  /** Resolves with one receipt for each change, in order, once the kernel has answered for all of them. Never rejects. */
  write(changes: readonly Change[]): Promise<readonly Receipt[]> {
    if (changes.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const order: Order = { receipts: new Array(changes.length), missing: changes.length, resolve };
      for (let index = 0; index < changes.length; index++) this.#enter(changes[index] as Change, order, index);
      this.#counters.pending += changes.length;
      // At most one run waits its turn behind the one that is at work, which takes all that is pending by then.
      if (this.#queue.size === 0) void this.#queue.add(() => this.#run());
    });
  }

  /**
   * Takes everything out of the kernel, behind all that was handed in before and before all that comes. Resolves with why it could not,
   * or nothing. Never rejects.
   */
  clear(): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      this.#clears.push({ before: this.#pending, resolve });
      this.#pending = new Map();
      void this.#queue.add(() => this.#run());
    });
  }

  /** Resolves when all that was handed in has been answered. */
  async idle(): Promise<void> {
    await this.#queue.onIdle();
  }

  #enter(change: Change, order: Order, index: number): void {
    const { text } = change.prefix;
    this.#pending.set(text, { change, order, index, superseded: this.#pending.get(text) });
  }

  /** Batch after batch until nothing is pending. While one is in the kernel, the one before is answered. */
  async #run(): Promise<void> {
    let answered: Entry[] = [];
    let receipts: readonly Receipt[] = [];
    for (;;) {
      const clear = this.#clears[0];
      const pending = clear ? clear.before : this.#pending;
      if (pending.size === 0 && !clear) break;
      const taken = this.#take(pending);
      const written = taken.length > 0 ? this.#send(taken) : [];
      this.#answerAll(answered, receipts);
      [answered, receipts] = [taken, await written];
      if (clear && taken.length === 0) {
        this.#clears.shift();
        clear.resolve(await clearOut(this.#sink));
      }
    }
    this.#answerAll(answered, receipts);
  }

  #send(taken: readonly Entry[]): Promise<readonly Receipt[]> {
    const changes = taken.map(({ change }) => change);
    this.#counters.batches++;
    return carryOut(new Batch(changes, this.#clock()), this.#sink);
  }

  /** As many pending changes as one batch may have, oldest first. */
  #take(pending: Map<string, Entry>): Entry[] {
    const { capacity } = this.#sink;
    const taken: Entry[] = [];
    for (const entry of pending.values()) {
      taken.push(entry);
      if (taken.length === capacity) break;
    }
    if (taken.length === pending.size) pending.clear();
    else for (const { change } of taken) pending.delete(change.prefix.text);
    return taken;
  }

  #answerAll(entries: readonly Entry[], receipts: readonly Receipt[]): void {
    for (let index = 0; index < entries.length; index++) {
      const receipt = receipts[index] as Receipt;
      for (let entry = entries[index]; entry; entry = entry.superseded) this.#answer(entry, receipt);
    }
  }

  #answer({ order, index }: Entry, receipt: Receipt): void {
    order.receipts[index] = receipt;
    this.#counters.pending--;
    this.#counters[receipt.error ? 'refused' : 'written']++;
    if (--order.missing === 0) order.resolve(order.receipts);
  }
}
