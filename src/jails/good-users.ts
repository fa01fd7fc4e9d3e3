/** Addresses that are remembered, of which the one that failed least recently goes first. */
const CAPACITY = 50_000;

/**
 * Login names whose failures do not count: people mistype, and who guesses tries root and admin. Who guesses a good user's
 * password must be found out all the same, so that an address is spared at most `most` failures within findtime.
 */
export class GoodUsers {
  readonly #names: ReadonlySet<string>;
  readonly #most: number;
  readonly #findtime: number;
  /** When an address was spared, oldest first, at most `most` times; in the order of the last addition. */
  readonly #times = new Map<string, number[]>();

  /** @param findtime milliseconds. */
  constructor(names: readonly string[], most: number, findtime: number) {
    this.#names = new Set(names);
    this.#most = most;
    this.#findtime = findtime;
  }

  /** Whether a failure is spared; then it is one of the address's few. @param time milliseconds, in any order. */
  spares(user: string | undefined, address: string, time: number): boolean {
    if (user === undefined || !this.#names.has(user)) return false;
    const times = (this.#times.get(address) ?? []).filter((before) => Math.abs(time - before) <= this.#findtime);
    this.#times.delete(address);
    const isSpared = times.length < this.#most;
    if (isSpared) times.push(time);
    this.#makeRoom();
    this.#times.set(address, times);
    return isSpared;
  }

  #makeRoom(): void {
    const oldest = this.#times.size >= CAPACITY ? this.#times.keys().next() : undefined;
    if (oldest && !oldest.done) this.#times.delete(oldest.value);
  }
}
