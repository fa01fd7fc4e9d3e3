import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { Guard } from '../guard/guard.js';
import { Never, withBuiltIn } from '../jails/never.js';
import type { Progress } from '../ledger/progress.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { NeverRule } from '../model/never-rule.js';
import type { Prefix } from '../model/prefix.js';
import { type NeverEntry, NeverList } from '../never/never-list.js';
import type { Detection } from './detection.js';
import type { Enforcement } from './enforcement.js';
import type { Healing } from './healing.js';
import { Screen } from './screen.js';
import { type NeverDifference, type SpareOptions, spare } from './spare.js';

export interface ProtectionOptions {
  readonly config: Pick<Config, 'never' | 'guard' | 'service'>;
  /** Whether to keep nothing over a restart. */
  readonly dryRun: boolean;
  readonly clock: Clock;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  /** Told what happens as it should. */
  readonly note: (sentence: string) => void;
}

/** What holds to the rules that are so at the moment, once the service runs. */
export interface Followers {
  readonly ledger: SpareOptions['ledger'];
  readonly enforcement: Pick<Enforcement, 'enforce' | 'rewrite'>;
  readonly healing: Pick<Healing, 'allow'>;
  readonly detection: Pick<Detection, 'spare'>;
}

/** Who is never banned, and what a ban would cut: everything that stands between a verdict and the ledger. */
export class Protection {
  readonly never = new Never([]);
  readonly guard: Guard;
  readonly #options: ProtectionOptions;
  readonly #list: NeverList;
  #followers: Followers | undefined;
  #screen: Screen<Progress> | undefined;
  /** Ends when everything follows the rules of the moment. */
  #following: Promise<void> = Promise.resolve();
  #isHeld = false;

  constructor(options: ProtectionOptions) {
    const { config, dryRun, clock, problem } = options;
    this.#options = options;
    this.guard = new Guard({ ...config.guard, problem, now: () => performance.now() });
    let list: NeverList | undefined;
    this.#list = new NeverList(config.never, {
      now: clock,
      problem,
      changed: (difference) => list && this.#changed(difference),
      memory: dryRun ? undefined : join(config.service.state, 'never.json'),
    });
    list = this.#list;
    this.never.replace(list.rules);
  }

  get entries(): readonly NeverEntry[] {
    return this.#list.entries;
  }

  /** Looks the names of the never-list up; resolves when each has an answer, or after five seconds. */
  start(): Promise<void> {
    return this.#list.start();
  }

  /** From here on a change of the never-list reaches the kernel and detection and lifts what it covers, and jails' verdicts can pass. */
  attach(followers: Followers): void {
    this.#followers = followers;
    this.#screen = new Screen<Progress>({
      guard: this.guard,
      enforce: (verdicts, progress, onLost) => followers.enforcement.enforce(verdicts, progress, onLost),
      lift: (verdicts) => followers.enforcement.enforce(verdicts),
      refused: this.#options.problem,
    });
  }

  /** What the rules are with other settings, as far as is known at once. */
  rulesWith(settings: Config['never']): readonly NeverRule[] {
    return this.#list.rulesWith(settings);
  }

  /** Takes other settings up. What differs from `rulesWith` follows by itself, as names are looked up. */
  replace(settings: Config['never']): void {
    this.#list.replace(settings);
    this.never.replace(this.#list.rules);
  }

  /** Lifts what the never-list has come to cover while the service was stopped. */
  liftCovered(): void {
    const added = this.#list.rules.map(({ prefix }) => prefix);
    if (added.length > 0) this.#follow(() => this.#spare({ added, removed: [] }));
  }

  /** Whether bans that never-rules come to cover stand in the ledger: their packets pass, and they may be needed again. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** From here on they stand; or they are lifted, now and from here on. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) this.liftCovered();
  }

  /** A jail's verdicts, on their way to enforcement. To be called once attached. */
  async enforce(...given: Parameters<Screen<Progress>['enforce']>): Promise<unknown> {
    return this.#screen?.enforce(...given);
  }

  /** Resolves when what was on its way has been handed on. */
  async stop(): Promise<void> {
    this.#list.stop();
    await this.#screen?.idle();
    await this.#following;
  }

  #changed(difference: NeverDifference): void {
    this.never.replace(this.#list.rules);
    this.#follow(async ({ healing, detection }) => {
      const prefixes = this.#list.rules.map(({ prefix }): Prefix => prefix);
      detection.spare(prefixes);
      // The ledger and the verdicts hold to the rules by now, so that a kernel which cannot be told lifts all the same.
      await healing.allow(withBuiltIn(prefixes)).catch((thrown) => this.#options.problem(messageOf(thrown)));
      await this.#spare(difference);
    });
  }

  #follow(work: (followers: Followers) => Promise<void>): void {
    this.#following = this.#following
      .then(() => (this.#followers ? work(this.#followers) : undefined))
      .catch((thrown) => this.#options.problem(messageOf(thrown)));
  }

  async #spare(difference: NeverDifference): Promise<void> {
    if (!this.#followers) return;
    let sum = 0;
    const lifted = (count: number): void => {
      sum += count;
    };
    const added = this.#isHeld ? [] : difference.added;
    await spare({ ...difference, added }, { ...this.#followers, lifted });
    if (sum > 0)
      this.#options.note(`${sum} ${sum === 1 ? 'ban' : 'bans'} lifted: the never-list covers what they banned`);
  }
}
