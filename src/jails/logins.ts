import { Generations } from './generations.js';

/** Addresses that are remembered by a jail: 25,000 at least, 50,000 at most, some 100 bytes each. */
const MOST = 50_000;

/** Milliseconds after which it is worth writing down once more that an address has logged in. */
const AGAIN = 3_600_000;

/** Who has been seen to log in, in bounded memory: of too many, those go first that have not logged in for longest. */
export class Logins {
  readonly #most: number;
  /** When each had logged in when that was last written down. */
  readonly #times = new Generations<number>();

  constructor(most = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#times.size;
  }

  has(address: string): boolean {
    return this.#times.get(address) !== undefined;
  }

  /** Somebody has logged in from there. Answers whether that should be written down. @param time milliseconds. */
  add(address: string, time: number): boolean {
    const before = this.#times.get(address);
    const isNews = before === undefined || time - before >= AGAIN;
    if (this.#times.young >= this.#most / 2) this.#times.turn();
    this.#times.set(address, isNews ? time : before);
    return isNews;
  }

  /** Address, time, address, time: as they would have to be added to an empty one. */
  get all(): (string | number)[] {
    return [...this.#times.entries()].reverse().flat();
  }
}
