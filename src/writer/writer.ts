import PQueue from 'p-queue';
import { Batch } from '../model/batch.js';
import { type Clock, systemClock } from '../model/clock.js';
import type { Refusal } from '../model/refusal.js';
import { type Change, isFold, type Receipt } from '../model/street.js';
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

/** What is written before anything of the next one is. */
interface Round {
  /** By element. */
  readonly entries: Map<string, Entry>;
  /** Prefixes that the kernel has refused in it. */
  readonly refused: Set<string>;
  /** Nothing else is to come into it. */
  isClosed: boolean;
  /** What it writes belongs to the rounds before and behind it. */
  isApart?: boolean;
  /** Everything is to go behind it; told how that went. */
  clear?: (refusal: Refusal | undefined) => void;
}

const newRound = (): Round => ({ entries: new Map(), refused: new Set(), isClosed: false });

/**
 * Group commit: an idle writer sends at once, a busy one gathers and sends all that came meanwhile as the next batch. One
 * batch is in flight. Of several changes to one element the last is sent, and answers for all of them.
 *
 * Nothing is ever dropped: each change gets a receipt, the kernel's acknowledgement or its refusal.
 */
export class Writer {
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #passed: () => Promise<unknown>;
  readonly #queue = new PQueue({ concurrency: 1 });
  /** In the order in which they are written. */
  #rounds: Round[] = [];
  #counters = { pending: 0, batches: 0, written: 0, refused: 0 };

  /**
   * @param passed is waited for between elements that come and elements whose place they take, where these go in a batch of their own: a packet that
   *   had looked for the first in vain before they came must not look for the others when they have gone. The kernel looks them up one
   *   after the other, and on a busy virtual machine a processor may stand still in between. Resolves when such packets have passed; must not reject.
   */
  constructor(sink: Sink, clock: Clock = systemClock, passed: () => Promise<unknown> = async () => undefined) {
    this.#sink = sink;
    this.#clock = clock;
    this.#passed = passed;
  }

  get counters(): WriterCounters {
    return this.#counters;
  }

  /** Resolves with one receipt for each change, in order, once the kernel has answered for all of them. Never rejects. */
  write(changes: readonly Change[]): Promise<readonly Receipt[]> {
    return this.#enterAll(changes, false);
  }

  /**
   * As `write`, behind all that was handed in before and before all that comes, in that order: as one batch, if it is not larger than one may be. An
   * element stands in it once.
   */
  writeApart(changes: readonly Change[]): Promise<readonly Receipt[]> {
    return this.#enterAll(changes, true);
  }

  /**
   * Takes everything out of the kernel, behind all that was handed in before and before all that comes. Resolves with why it could not,
   * or nothing. Never rejects.
   */
  clear(): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      const round = this.#openRound();
      round.isClosed = true;
      round.clear = resolve;
      void this.#queue.add(() => this.#run());
    });
  }

  /** Resolves when all that was handed in has been answered. */
  async idle(): Promise<void> {
    await this.#queue.onIdle();
  }

  #enterAll(changes: readonly Change[], isApart: boolean): Promise<readonly Receipt[]> {
    if (changes.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const order: Order = { receipts: new Array(changes.length), missing: changes.length, resolve };
      if (isApart) this.#close();
      const round = this.#openRound();
      const { entries } = round;
      if (isApart) round.isApart = true;
      for (let index = 0; index < changes.length; index++) enter(entries, changes[index] as Change, order, index);
      if (isApart) this.#close();
      this.#counters.pending += changes.length;
      // At most one run waits its turn behind the one that is at work, which takes all that is pending by then.
      if (this.#queue.size === 0) void this.#queue.add(() => this.#run());
    });
  }

  /** The one that takes what comes. */
  #openRound(): Round {
    const last = this.#rounds.at(-1);
    if (last && !last.isClosed) return last;
    const round = newRound();
    this.#rounds.push(round);
    return round;
  }

  #close(): void {
    const last = this.#rounds.at(-1);
    if (last) last.isClosed = true;
  }

  /** Batch after batch until nothing is pending. While one is in the kernel, the one before is answered. */
  async #run(): Promise<void> {
    let answered: Entry[] = [];
    let receipts: readonly Receipt[] = [];
    for (let round = this.#rounds[0]; round; round = this.#rounds[0]) {
      const taken = this.#take(round);
      const written = taken.length > 0 ? this.#send(taken, round) : [];
      this.#answerAll(answered, receipts);
      [answered, receipts] = [taken, await written];
      if (round.entries.size > 0) continue;
      if (round.clear && taken.length > 0) continue;
      // What came meanwhile came into another one.
      this.#rounds.shift();
      round.clear?.(await clearOut(this.#sink));
      if (round.isApart && takesAway(this.#rounds[0])) await this.#passed();
    }
    this.#answerAll(answered, receipts);
  }

  #send(taken: readonly Entry[], { refused }: Round): Promise<readonly Receipt[]> {
    const changes = taken.map(({ change }) => change);
    this.#counters.batches++;
    return carryOut(new Batch(changes, this.#clock()), this.#sink, refused);
  }

  /** As many pending changes as one batch may have, oldest first. */
  #take({ entries }: Round): Entry[] {
    const { capacity } = this.#sink;
    const taken: Entry[] = [];
    for (const entry of entries.values()) {
      taken.push(entry);
      if (taken.length === capacity) break;
    }
    if (taken.length === entries.size) entries.clear();
    else for (const { change } of taken) entries.delete(change.prefix.text);
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

/** Elements for whose sake others came before. */
function takesAway(round: Round | undefined): boolean {
  if (!round?.isApart) return false;
  return [...round.entries.values()].some(({ change }) => change.verb === 'remove' && !isFold(change));
}

function enter(entries: Map<string, Entry>, change: Change, order: Order, index: number): void {
  const { text } = change.prefix;
  entries.set(text, { change, order, index, superseded: entries.get(text) });
}
