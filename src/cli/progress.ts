import type { Surroundings } from './command.js';

/** Milliseconds before the first word, and between two. */
const EVERY = 250;

/** How far long work is: one line of a terminal's standard error, written over. Elsewhere nothing is written. */
export class Progress {
  readonly #stderr: Surroundings['stderr'];
  readonly #now: () => number;
  readonly #noun: string;
  #last: number;
  #isShown = false;

  /** @param now milliseconds of a clock that only goes forward. @param noun what is counted. */
  constructor({ stderr }: Pick<Surroundings, 'stderr'>, now: () => number, noun = 'lines') {
    this.#noun = noun;
    this.#stderr = stderr;
    this.#now = now;
    this.#last = now();
  }

  /** @param part from 0 to 1, where it is known. */
  tell(count: number, part: number | undefined): void {
    const now = this.#now();
    if (!this.#stderr.isTTY || now - this.#last < EVERY) return;
    this.#last = now;
    this.#isShown = true;
    const percent = part === undefined ? '' : `, ${Math.floor(part * 100)} %`;
    this.#stderr.write(`\r\u001b[K${count} ${this.#noun}${percent} ...`);
  }

  clear(): void {
    if (this.#isShown) this.#stderr.write('\r\u001b[K');
    this.#isShown = false;
  }
}
