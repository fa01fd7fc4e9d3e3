import type { Guard } from '../guard/guard.js';
import type { Lockout } from '../guard/lockout.js';
import type { BanVerdict, UnbanVerdict } from '../model/street.js';

export interface ScreenOptions<Progress> {
  readonly guard: Pick<Guard, 'look' | 'known'>;
  readonly enforce: (verdicts: readonly BanVerdict[], progress: Progress, onLost: () => void) => Promise<unknown>;
  /** Takes bans back that newer facts speak against. */
  readonly lift: (verdicts: readonly UnbanVerdict[]) => Promise<unknown>;
  /** Told what is not banned, and why. */
  readonly refused: (sentence: string) => void;
}

/**
 * Where jails' verdicts pass the lockout guard on their way to enforcement. They leave in the order in which they came, with their progress.
 *
 * No verdict waits for facts, but the first: those that are known judge at once, however old, and what newer ones speak against is
 * lifted some milliseconds later. To gather them takes longer than a ban.
 */
export class Screen<Progress> {
  readonly #options: ScreenOptions<Progress>;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: ScreenOptions<Progress>) {
    this.#options = options;
  }

  /** As enforcement does. Resolves when the kernel has answered. */
  async enforce(verdicts: readonly BanVerdict[], progress: Progress, onLost: () => void): Promise<unknown> {
    const { guard, enforce } = this.#options;
    const { known } = guard;
    if (this.#waiting > 0 || (verdicts.length > 0 && !known)) return this.#behind(verdicts, progress, onLost);
    const passed = known ? this.#passed(verdicts, known) : verdicts;
    const answered = enforce(passed, progress, onLost);
    if (known && passed.length > 0) this.#lookAgain(passed, known);
    return answered;
  }

  /** Behind the first facts, and whoever waits for them. */
  async #behind(verdicts: readonly BanVerdict[], progress: Progress, onLost: () => void): Promise<unknown> {
    const { guard, enforce } = this.#options;
    this.#waiting++;
    const entering = Promise.all([guard.look(), this.#turn]).then(([lockout]) => {
      this.#waiting--;
      // Wrapped: the next one need not wait for the kernel.
      return { answered: enforce(this.#passed(verdicts, lockout), progress, onLost) };
    });
    this.#turn = entering;
    return (await entering).answered;
  }

  #lookAgain(passed: readonly BanVerdict[], known: Lockout): void {
    const { guard, lift } = this.#options;
    const looking = guard.look().then(async (lockout) => {
      if (lockout === known) return;
      const stand = new Set(this.#passed(passed, lockout));
      const refused = passed.filter((verdict) => !stand.has(verdict));
      if (refused.length === 0) return;
      await lift(refused.map(({ ban: { prefix, jail } }) => ({ kind: 'unban', prefix, jail })));
    });
    this.#turn = Promise.all([this.#turn, looking]);
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
