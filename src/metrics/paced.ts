export interface Pace {
  /** Of all time, how much may be spent on answers. */
  readonly share: number;
  /** Milliseconds that an answer may take before the last one stands in for it. */
  readonly patience: number;
}

const PACE: Pace = { share: 0.01, patience: 1_000 };

/** Milliseconds between two questions at least. */
const LEAST = 1_000;

export interface Answer<T> {
  /** The newest there is; undefined before the first. */
  readonly value: T | undefined;
  /** Whether the last question was answered, and in time. */
  readonly isFresh: boolean;
}

/**
 * Something that costs: it is asked when somebody wants it, one question at a time, and not again before 100 times as long has
 * passed as the answer took. Who asks more often hears the last answer, and nobody waits long for one that does not come.
 */
export class Paced<T> {
  readonly #ask: () => T | Promise<T>;
  readonly #now: () => number;
  readonly #pace: Pace;
  #asking: Promise<void> | undefined;
  #next = Number.NEGATIVE_INFINITY;
  #value: T | undefined;
  #isAnswered = false;

  /** @param ask may throw. @param now milliseconds of a clock that only goes forward. */
  constructor(ask: () => T | Promise<T>, now: () => number, pace: Partial<Pace> = {}) {
    this.#ask = ask;
    this.#now = now;
    this.#pace = { ...PACE, ...pace };
  }

  async get(): Promise<Answer<T>> {
    if (!this.#asking && this.#now() >= this.#next) this.#asking = this.#run();
    const isInTime = this.#asking === undefined || (await inTime(this.#asking, this.#pace.patience));
    return { value: this.#value, isFresh: isInTime && this.#isAnswered };
  }

  async #run(): Promise<void> {
    const begun = this.#now();
    try {
      this.#value = await this.#ask();
      this.#isAnswered = true;
    } catch {
      // Whose fault it is says so itself, in `status`; here it is not fresh.
      this.#isAnswered = false;
    }
    this.#next = begun + Math.max(LEAST, (this.#now() - begun) / this.#pace.share);
    this.#asking = undefined;
  }
}

async function inTime(work: Promise<void>, patience: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  const isInTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return isInTime;
}
