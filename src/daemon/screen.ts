import type { Guard } from '../guard/guard.js';
import type { Lockout } from '../guard/lockout.js';
import type { BanVerdict } from '../model/street.js';

export interface ScreenOptions<Progress> {
  readonly guard: Pick<Guard, 'look'>;
  readonly enforce: (verdicts: readonly BanVerdict[], progress: Progress, onLost: () => void) => Promise<unknown>;
  /** Told what is not banned, and why. */
  readonly refused: (sentence: string) => void;
}

/**
 * Where jails' verdicts pass the lockout guard on their way to enforcement. They leave in the order in which they came, with their progress:
 * who waits for facts holds up who comes behind.
 */
export class Screen<Progress> {
  readonly #options: ScreenOptions<Progress>;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: ScreenOptions<Progress>) {
    this.#options = options;
  }

  /** As enforcement does. Resolves when the kernel has answered; progress alone passes at once where nobody waits. */
  async enforce(verdicts: readonly BanVerdict[], progress: Progress, onLost: () => void): Promise<unknown> {
    const { guard, enforce } = this.#options;
    if (verdicts.length === 0 && this.#waiting === 0) return enforce(verdicts, progress, onLost);
    this.#waiting++;
    const entering = Promise.all([guard.look(), this.#turn]).then(([lockout]) => {
      this.#waiting--;
      // Wrapped: the next one need not wait for the kernel.
      return { answered: enforce(this.#passed(verdicts, lockout), progress, onLost) };
    });
    this.#turn = entering;
    return (await entering).answered;
  }

  /** Resolves when everything that came has been handed on. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  #passed(verdicts: readonly BanVerdict[], lockout: Lockout): readonly BanVerdict[] {
    return verdicts.filter(({ ban: { prefix, jail } }) => {
      const why = lockout.refusalOfJail(prefix);
      if (why !== undefined) this.#options.refused(`${prefix} is not banned by jail ${jail}: ${why}`);
      return why === undefined;
    });
  }
}
