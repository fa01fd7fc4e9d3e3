import type { Offences } from '../model/offender.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How wide a bucket may be: the narrowest of which `MOST` are enough is taken. */
const WIDTHS = [HOUR, 6 * HOUR, DAY, 7 * DAY, 28 * DAY, 364 * DAY] as const;
const MOST = 100;

/** The epoch was a Thursday: what is as wide as a week begins on a Monday. */
const MONDAY = 4 * DAY;

export interface Bucket {
  /** When it begins, in UTC, milliseconds since the epoch. */
  readonly from: number;
  readonly bans: number;
}

/** Bans by when they began, as far as that is known: of each jail and address the first and the last. */
export class Timeline {
  /** Of a bucket, in milliseconds. */
  readonly width: number;
  readonly #since: number;
  readonly #start: number;
  readonly #counts: number[];
  #drawn = 0;

  /** From `since` to `now`, milliseconds since the epoch: at most 100 years. */
  constructor(since: number, now: number) {
    const end = Math.max(since, now);
    this.width = WIDTHS.find((width) => (end - since) / width <= MOST) ?? (WIDTHS.at(-1) as number);
    this.#since = since;
    this.#start = floor(since, this.width);
    const count = Math.floor((end - this.#start) / this.width) + 1;
    this.#counts = new Array(count).fill(0);
  }

  /** How many bans have a place in it. */
  get drawn(): number {
    return this.#drawn;
  }

  get buckets(): readonly Bucket[] {
    return this.#counts.map((bans, index) => ({ from: this.#start + index * this.width, bans }));
  }

  add({ bans, first, last }: Offences): void {
    this.#count(last);
    if (bans > 1 && first !== last) this.#count(first);
  }

  #count(time: number): void {
    const index = Math.floor((time - this.#start) / this.width);
    const before = this.#counts[index];
    if (time < this.#since || before === undefined) return;
    this.#counts[index] = before + 1;
    this.#drawn++;
  }
}

function floor(time: number, width: number): number {
  const offset = width >= 7 * DAY ? MONDAY : 0;
  return Math.floor((time - offset) / width) * width + offset;
}
