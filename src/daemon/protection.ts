import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { Guard } from '../guard/guard.js';
import { Never } from '../jails/never.js';
import type { Progress } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import type { BanVerdict } from '../model/street.js';
import { type NeverEntry, NeverList } from '../never/never-list.js';
import { Lifting, type LiftingOptions } from './lifting.js';
import { Screen } from './screen.js';

export interface ProtectionOptions {
  readonly config: Pick<Config, 'never' | 'guard' | 'service'>;
  /** Whether to keep nothing over a restart. */
  readonly dryRun: boolean;
  readonly clock: Clock;
  readonly problem: (sentence: string) => void;
}

/** What holds to the rules that are so at the moment, once the service runs. */
export interface Followers extends Omit<LiftingOptions, 'enforcement'> {
  readonly enforcement: {
    enforce(verdicts: readonly BanVerdict[], progress?: Progress, onLost?: () => void): Promise<unknown>;
  } & LiftingOptions['enforcement'];
  /** Told that others are never banned now. */
  readonly changed: (prefixes: readonly Prefix[]) => void;
}

/** Who is never banned, and what a ban would cut: everything that stands between a verdict and the ledger. */
export class Protection {
  readonly guard: Guard;
  readonly #options: ProtectionOptions;
  readonly #never: Never;
  readonly #list: NeverList;
  #followers: Followers | undefined;
  #lifting: Lifting | undefined;
  #screen: Screen<Progress> | undefined;

  constructor(options: ProtectionOptions) {
    const { config, dryRun, clock, problem } = options;
    this.#options = options;
    this.#never = new Never([]);
    this.guard = new Guard({ ...config.guard, problem, now: () => performance.now() });
    this.#list = new NeverList(config.never, {
      now: clock,
      problem,
      changed: (added) => this.#changed(added),
      memory: dryRun ? undefined : join(config.service.state, 'never.json'),
    });
    this.#never.replace(this.#list.rules);
  }

  /** Why a prefix must never be banned, or undefined. */
  refusal(prefix: Prefix): string | undefined {
    return this.#never.refusal(prefix);
  }

  /** Who is never banned, loopback and the like included. */
  get prefixes(): readonly Prefix[] {
    return this.#never.prefixes;
  }

  get entries(): readonly NeverEntry[] {
    return this.#list.entries;
  }

  /** Looks the names of the never-list up; resolves when each has an answer, or after five seconds. */
  start(): Promise<void> {
    return this.#list.start();
  }

  /** From here on a change of the never-list lifts what it covers, and jails' verdicts can pass. */
  attach(followers: Followers): void {
    const { enforcement } = followers;
    this.#followers = followers;
    this.#lifting = new Lifting(followers);
    this.#screen = new Screen<Progress>({
      guard: this.guard,
      enforce: (verdicts, progress, onLost) => enforcement.enforce(verdicts, progress, onLost),
      refused: this.#options.problem,
    });
  }

  /** Lifts what the never-list has come to cover while the service was stopped. */
  async liftCovered(): Promise<void> {
    const prefixes = this.#list.rules.map(({ prefix }) => prefix);
    if (prefixes.length > 0) await this.#lifting?.lift(prefixes);
  }

  /** A jail's verdicts, on their way to enforcement. To be called once attached. */
  async enforce(verdicts: readonly BanVerdict[], progress: Progress, onLost: () => void): Promise<unknown> {
    return this.#screen?.enforce(verdicts, progress, onLost);
  }

  async stop(): Promise<void> {
    this.#list.stop();
    await this.#screen?.idle();
    await this.#lifting?.idle();
  }

  #changed(added: readonly Prefix[]): void {
    this.#never.replace(this.#list.rules);
    this.#followers?.changed(this.#never.prefixes);
    if (added.length > 0) void this.#lifting?.lift(added);
  }
}
