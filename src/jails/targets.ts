import { copied } from './copied.js';
import { Generations } from './generations.js';
import { Offenders } from './offenders.js';

/** Names that are remembered, half of them young, and addresses by all of them together. Attackers choose both. */
const NAMES = 10_000;
const PAIRS = 100_000;

/** Characters of a name that tell it from others. */
const LONGEST = 64;

/** A name as it is remembered. */
export const targetOf = (user: string): string => copied(user, LONGEST);

/** Who fails against which user, in bounded memory: the users that were tried least recently are forgotten first. */
export class Targets {
  readonly #window: number;
  readonly #most: number;
  readonly #users = new Generations<Offenders>();
  /** Addresses of the young generation. */
  #pairs = 0;
  /** When all that is old by then is too old to count. */
  #due = Number.NEGATIVE_INFINITY;

  /** @param window milliseconds. @param most addresses that are not too many yet. */
  constructor(window: number, most: number) {
    this.#window = window;
    this.#most = most;
  }

  /** Users that are remembered. */
  get size(): number {
    return this.#users.size;
  }

  /** Adds a failure, and says whether too many have failed against that user within the window. @param user as `targetOf` answers it. */
  add(user: string, address: string, time: number): boolean {
    if (time > this.#due || this.#users.young >= NAMES / 2 || this.#pairs >= PAIRS / 2) this.#turn(time);
    const { young } = this.#users;
    const offenders = this.#users.get(user) ?? new Offenders(this.#window, this.#most);
    const before = offenders.size;
    const isMany = offenders.add(address, time);
    this.#users.set(user, offenders);
    // One that was old is young again, with all that it has.
    this.#pairs += this.#users.young > young ? offenders.size : Math.max(0, offenders.size - before);
    return isMany;
  }

  #turn(time: number): void {
    this.#users.turn();
    this.#pairs = 0;
    this.#due = Math.max(this.#due, time + this.#window);
  }
}
