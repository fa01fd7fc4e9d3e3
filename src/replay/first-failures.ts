/** What an address has done since its last ban. */
interface Record {
  readonly first: number;
  count: number;
}

/**
 * Since when addresses have been failing, in bounded memory. In two generations, as the lines of a jail: those that have not failed for
 * long are forgotten together.
 */
export class FirstFailures {
  readonly #capacity: number;
  #young = new Map<string, Record>();
  #old = new Map<string, Record>();

  /** @param capacity addresses. */
  constructor(capacity = 400_000) {
    this.#capacity = capacity;
  }

  add(address: string, time: number): void {
    const known = this.#young.get(address) ?? this.#old.get(address);
    const record = known ?? { first: time, count: 0 };
    record.count++;
    this.#old.delete(address);
    this.#young.set(address, record);
    if (this.#young.size <= this.#capacity / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  /** What is known of an address, which is forgotten here. */
  take(address: string): Readonly<Record> | undefined {
    const known = this.#young.get(address) ?? this.#old.get(address);
    this.#young.delete(address);
    this.#old.delete(address);
    return known;
  }
}
