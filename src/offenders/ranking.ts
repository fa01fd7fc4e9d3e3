import { type Entry, worse } from './entry.js';

/** The worst of any number of entries, of which it keeps so many: a heap, whose root is the mildest. */
export class Ranking {
  readonly #most: number;
  readonly #heap: Entry[] = [];
  readonly #kept = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Of the same prefix the first counts: who moves within the ledger meanwhile may be told twice. */
  offer(entry: Entry): void {
    const heap = this.#heap;
    const mildest = heap[0];
    if (heap.length >= this.#most && (!mildest || worse(entry, mildest) >= 0)) return;
    if (this.#kept.has(entry.prefix.text)) return;
    this.#kept.add(entry.prefix.text);
    if (heap.length < this.#most) {
      heap.push(entry);
      this.#rise(heap.length - 1);
      return;
    }
    this.#kept.delete((mildest as Entry).prefix.text);
    heap[0] = entry;
    this.#sink();
  }

  /** The worst first. */
  get entries(): readonly Entry[] {
    return [...this.#heap].sort(worse);
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isMilder(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let mildest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && this.#isMilder(child, mildest)) mildest = child;
      }
      if (mildest === at) return;
      this.#swap(at, mildest);
      at = mildest;
    }
  }

  #isMilder(one: number, other: number): boolean {
    return worse(this.#heap[one] as Entry, this.#heap[other] as Entry) > 0;
  }

  #swap(one: number, other: number): void {
    const heap = this.#heap;
    [heap[one], heap[other]] = [heap[other] as Entry, heap[one] as Entry];
  }
}
