import { Generations } from './generations.js';

/** Keys that each counts once within findtime, in bounded memory: of more than `most`, the earliest may count once more. */
export class Distinct {
  readonly #findtime: number;
  readonly #most: number;
  readonly #counted = new Generations<number>();
  #due = Number.NEGATIVE_INFINITY;

  constructor(findtime: number, most = 100_000) {
    this.#findtime = findtime;
    this.#most = most;
  }

  /** Whether it has not counted within findtime; it has from now on. */
  isNew(key: string, time: number): boolean {
    const before = this.#counted.get(key);
    if (before !== undefined && time - before <= this.#findtime) return false;
    if (time > this.#due || this.#counted.young > this.#most / 2) {
      this.#counted.turn();
      this.#due = time + this.#findtime;
    }
    this.#counted.set(key, time);
    return true;
  }
}
