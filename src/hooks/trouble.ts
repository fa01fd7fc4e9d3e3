/** Milliseconds after which trouble that goes on is told again. */
const AGAIN = 600_000;

export interface TroubleOptions {
  readonly config: { readonly name: string };
  readonly now: () => number;
  readonly problem: (sentence: string) => void;
  readonly note: (sentence: string) => void;
}

/** What goes wrong with a hook, told once and not at each call. */
export class Trouble {
  readonly #options: TroubleOptions;
  #failing: string | null = null;
  #told = Number.NEGATIVE_INFINITY;
  #overflowed = Number.NEGATIVE_INFINITY;

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  /** Why it failed last; null where it did not. */
  get failing(): string | null {
    return this.#failing;
  }

  began(sentence: string): void {
    const isNew = this.#failing === null;
    this.#failing = sentence;
    if (!isNew && this.#options.now() - this.#told < AGAIN) return;
    this.#told = this.#options.now();
    this.#options.problem(`${this.#named} fails: ${sentence}`);
  }

  ended(): void {
    if (this.#failing === null) return;
    this.#failing = null;
    this.#options.note(`${this.#named} works again`);
  }

  /** @param most events that may wait. */
  overflowed(most: number): void {
    if (this.#options.now() - this.#overflowed < AGAIN) return;
    this.#overflowed = this.#options.now();
    this.#options.problem(
      `${this.#named}: ${most} events wait, which is its queue: it is not told of more, and status counts them`,
    );
  }

  get #named(): string {
    return `hook ${this.#options.config.name}`;
  }
}
