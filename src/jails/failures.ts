/** When an address failed, oldest first, at most maxretry times; and when it last did. */
type Times = number[];

/**
 * Failures of each address within a sliding window, in bounded memory: at most `maxretry` times an address, and
 * `capacity` addresses, of which the one that failed least recently has to go first.
 *
 * A ban is due when `maxretry` failures lie within `findtime` of each other. This is what fail2ban's manual promises; its code
 * keeps a rate estimate instead, which can ban for fewer failures than maxretry within findtime, or for more.
 */
export class Failures {
  readonly #maxretry: number;
  readonly #findtime: number;
  readonly #capacity: number;
  /** In the order of the last addition: the first key is the one that was least recently added to. */
  readonly #times = new Map<string, Times>();
  #newest = Number.NEGATIVE_INFINITY;
  #evicted = 0;

  constructor(maxretry: number, findtime: number, capacity = 200_000) {
    this.#maxretry = maxretry;
    this.#findtime = findtime;
    this.#capacity = capacity;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#times.size;
  }

  /** Addresses that were forgotten before their time, for want of room. */
  get evicted(): number {
    return this.#evicted;
  }

  /**
   * All that is remembered, as it would have to be added to an empty one: key, time, key, time. What is too old to count with anything
   * that comes is left out.
   */
  get all(): (string | number)[] {
    const stale = this.#newest - this.#findtime;
    const found: (string | number)[] = [];
    for (const [key, times] of this.#times) {
      if ((times.at(-1) as number) < stale) continue;
      for (const time of times) found.push(key, time);
    }
    return found;
  }

  /**
   * Takes over what another one remembers, as its `all` says. Nobody is banned by that: of as many failures as would be enough here, the
   * newest are kept that are one too few.
   */
  inherit(all: readonly (string | number)[]): void {
    const times = new Map<string, Times>();
    for (let at = 0; at + 1 < all.length; at += 2) {
      const key = all[at] as string;
      times.set(key, [...(times.get(key) ?? []), all[at + 1] as number]);
    }
    const most = this.#maxretry - 1;
    if (most === 0) return;
    for (const [key, found] of times) for (const time of found.slice(-most)) this.add(key, time);
  }

  /**
   * Adds a failure of `key` at `time` (milliseconds, in any order).
   *
   * @returns the milliseconds between the first and the last of maxretry failures if they lie within findtime; the
   *   key is then forgotten. Undefined if it is not enough yet.
   */
  add(key: string, time: number): number | undefined {
    const times = this.#times.get(key) ?? [];
    this.#times.delete(key);
    insert(times, time);
    const span = (times.at(-1) as number) - (times[0] as number);
    if (times.length >= this.#maxretry && span <= this.#findtime) return span;
    if (times.length >= this.#maxretry) times.shift();
    this.#newest = Math.max(this.#newest, time);
    this.#makeRoom();
    this.#times.set(key, times);
    return undefined;
  }

  /** Two stale ones for each that comes: the map shrinks as fast as it grew, and no addition pays for many. */
  #makeRoom(): void {
    for (let i = 0; i < 2; i++) {
      const oldest = this.#times.entries().next().value;
      if (!oldest) return;
      const isStale = (oldest[1].at(-1) as number) < this.#newest - this.#findtime;
      if (!isStale && this.#times.size < this.#capacity) return;
      this.#times.delete(oldest[0]);
      if (!isStale) this.#evicted++;
    }
  }
}

/** Logs are nearly in order: the place is searched from the end. */
function insert(times: Times, time: number): void {
  let at = times.length;
  while (at > 0 && (times[at - 1] as number) > time) at--;
  times.splice(at, 0, time);
}
