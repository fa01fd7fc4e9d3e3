import type { Clock } from '../model/clock.js';
import type { Log } from './log.js';

/** Problems that are kept at most. */
const MOST = 50;

/** What an operator should know: said in the log, and kept for `status`, newest last. */
export class Problems {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #kept: string[] = [];
  #said = 0;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  get all(): readonly string[] {
    return this.#kept;
  }

  /** How many there have been, the same again included. */
  get said(): number {
    return this.#said;
  }

  add(sentence: string): void {
    this.#said++;
    this.#log('warning', sentence);
    // The same again is the same one, newer: it must not drive out the others.
    const before = this.#kept.findIndex((kept) => kept.slice(kept.indexOf(' ') + 1) === sentence);
    if (before >= 0) this.#kept.splice(before, 1);
    this.#kept.push(`${new Date(this.#clock()).toISOString()} ${sentence}`);
    if (this.#kept.length > MOST) this.#kept.shift();
  }
}
