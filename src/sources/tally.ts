/**
 * Counts what an attacker can make happen as often as they like, and tells of it at the 1st, the 10th, the 100th time and so on:
 * an operator learns of it at once, and a flood makes no flood of messages.
 */
export class Tally {
  readonly #tell: (count: number) => void;
  #count = 0;
  #next = 1;

  constructor(tell: (count: number) => void) {
    this.#tell = tell;
  }

  get count(): number {
    return this.#count;
  }

  add(number = 1): void {
    this.#count += number;
    if (this.#count < this.#next) return;
    while (this.#next <= this.#count) this.#next *= 10;
    this.#tell(this.#count);
  }
}
