import type { Clock } from '../model/clock.js';
import { formatDuration } from '../model/duration.js';

/** By so little the two clocks may differ between two looks: a clock that is corrected slowly takes both with it. Milliseconds. */
const SMALLEST = 2000;

/** @param jump as `look` answers it. */
export const sentenceOf = (jump: number): string =>
  `the clock went ${jump > 0 ? 'ahead' : 'back'} by ${formatDuration(Math.abs(jump))}: it was set, or the machine slept`;

/**
 * Notices that the wall clock was set, or that the machine slept: what the kernel counts (jiffies, CLOCK_MONOTONIC) knows of neither,
 * so that elements would end at another time than the ledger says.
 */
export class Jumps {
  readonly #wall: Clock;
  readonly #steady: () => number;
  #difference: number;

  /** @param steady milliseconds of a clock that stands still while the machine sleeps, and cannot be set. */
  constructor(wall: Clock, steady: () => number) {
    this.#wall = wall;
    this.#steady = steady;
    this.#difference = wall() - steady();
  }

  /** Milliseconds that the wall clock has jumped ahead since the last look, negative for back; 0 where it has not. */
  look(): number {
    const jump = this.#wall() - this.#steady() - this.#difference;
    if (Math.abs(jump) < SMALLEST) return 0;
    this.#difference += jump;
    return jump;
  }
}
