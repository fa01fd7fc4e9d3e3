import { type Facts, gatherFacts } from './facts.js';
import { Lockout, type LockoutLimits } from './lockout.js';

export interface GuardOptions extends LockoutLimits {
  /** Ports of this machine whose sessions are protected. */
  readonly ports: readonly number[];
  /** Told what could not be found out, each sentence once. */
  readonly problem: (sentence: string) => void;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  /** The machine's where absent. */
  readonly gather?: ((ports: readonly number[]) => Promise<Facts>) | undefined;
}

/** Milliseconds that facts are good for: a flood of verdicts asks the kernel once in that time. */
const FRESH = 2_000;

/** Where somebody waits for the answer: so many times as long as it takes to gather them, so that this takes a tenth of the time at most. */
const SHARE = 10;

/** What bans would cut, as it is now. */
export class Guard {
  readonly #options: GuardOptions;
  readonly #said = new Set<string>();
  #known: Lockout | undefined;
  #asked: { readonly at: number; readonly lockout: Promise<Lockout> } | undefined;
  /** Milliseconds that gathering took the last time. */
  #took = FRESH / SHARE;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** The judgement on the last facts that were gathered, however old; undefined before the first. */
  get known(): Lockout | undefined {
    return this.#known;
  }

  /**
   * The judgement on facts that are at most two seconds old. Never rejects.
   *
   * @param age `current`, for a person who has just looked himself, leaves only a moment: ten times what gathering takes.
   */
  look(age: 'recent' | 'current' = 'recent'): Promise<Lockout> {
    const at = this.#options.now();
    const fresh = age === 'current' ? Math.min(FRESH, this.#took * SHARE) : FRESH;
    if (!this.#asked || at >= this.#asked.at + fresh) this.#asked = { at, lockout: this.#gathered(at) };
    return this.#asked.lockout;
  }

  async #gathered(at: number): Promise<Lockout> {
    const { ports, widest, problem, now, gather = gatherFacts } = this.#options;
    const facts = await gather(ports);
    this.#took = now() - at;
    for (const fault of facts.faults) {
      if (!this.#said.has(fault)) problem(fault);
      this.#said.add(fault);
    }
    this.#known = new Lockout(facts, { widest });
    return this.#known;
  }
}
