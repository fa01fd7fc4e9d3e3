import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { Enforcement } from './enforcement.js';
import { Expiry } from './expiry.js';
import { Extender, type ExtenderOptions } from './extender.js';
import type { Healing } from './healing.js';
import { Jumps, sentenceOf } from './jumps.js';

export interface EndsOptions extends Pick<ExtenderOptions, 'lookup' | 'jails' | 'extensions'> {
  readonly nextEnd: () => number | undefined;
  readonly enforcement: Pick<Enforcement, 'expire' | 'extend'>;
  readonly healing: Pick<Healing, 'disturbed'>;
  readonly clock: Clock;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
}

/** What happens when bans end, or are about to: they are made to last longer, or forgotten, and the clock is looked at. */
export class Ends {
  readonly #options: EndsOptions;
  readonly #jumps: Jumps;
  readonly #expiry: Expiry;
  readonly #extender: Extender;

  constructor(options: EndsOptions) {
    this.#options = options;
    const { clock, nextEnd, problem, lookup, jails, extensions, enforcement } = options;
    this.#jumps = new Jumps(clock, () => performance.now());
    this.#expiry = new Expiry(
      clock,
      nextEnd,
      () => this.#expire(),
      (thrown) => problem(messageOf(thrown)),
    );
    const extend: ExtenderOptions['extend'] = (all) => enforcement.extend(all);
    this.#extender = new Extender({ extensions, lookup, jails, extend, clock, problem });
  }

  /** A ban ends at `until`. */
  arm(until: number | null): void {
    this.#expiry.arm(until);
  }

  /** The kernel is open and filled. @param next when the next ban ends. */
  start(next: number | null): void {
    this.#expiry.arm(next);
    this.#extender.start();
  }

  /** Resolves when nothing is at work any more. */
  async stop(): Promise<void> {
    this.#expiry.stop();
    await this.#extender.stop();
  }

  #expire(): Promise<boolean> {
    const jump = this.#jumps.look();
    if (jump !== 0) this.#options.healing.disturbed({ sentence: sentenceOf(jump) });
    return this.#options.enforcement.expire();
  }
}
