import type { Config } from '../config/config.js';
import { differenceOf } from '../config/difference.js';
import { isSame } from '../config/same.js';
import type { Clock } from '../model/clock.js';
import type { TrialFile } from './trial-file.js';

/**
 * Which configuration is in force: that of the file as it was last read (`file`), the same until `until` unless it is confirmed (`trial`), or
 * the one before, since nobody confirmed the file's (`undone`).
 */
export interface Standing {
  readonly state: 'file' | 'trial' | 'undone';
  /** Milliseconds since the epoch; null but in a trial. */
  readonly until: number | null;
}

/** What comes back. */
export interface Base {
  readonly config: Config;
  /** The ledger's last, when it went out of force. */
  readonly row: number;
}

export interface TrialOptions {
  readonly clock: Clock;
  readonly file: Pick<TrialFile, 'keep' | 'clear'>;
  /** The ledger's last. */
  readonly row: () => number;
  /** Bans that new never-rules cover are not lifted while it holds. */
  readonly hold: (isHeld: boolean) => void;
  /** Told when nobody has confirmed in time. */
  readonly over: () => void;
  /** The service has started with the configuration before. */
  readonly isUndone: boolean;
}

/** A configuration in force that goes away by itself: what it is that comes back, and when. */
export class Trial {
  readonly #options: TrialOptions;
  #state: Standing['state'];
  #base: Base | undefined;
  #until = 0;
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TrialOptions) {
    this.#options = options;
    this.#state = options.isUndone ? 'undone' : 'file';
  }

  get standing(): Standing {
    return { state: this.#state, until: this.#state === 'trial' ? this.#until : null };
  }

  /** What is to be in force again now; undefined while there is time, and where nothing is tried. */
  get due(): Base | undefined {
    return this.#isDue ? this.#base : undefined;
  }

  /**
   * Before a configuration is taken. One more while one is tried is tried too, and what comes back is what was before both.
   *
   * @param within milliseconds; undefined for one that is to stay. Answers what to call when it was refused.
   */
  begin(next: Config, before: Config, within: number | undefined): () => void {
    if (within === undefined && !this.#base) return () => undefined;
    const { file, hold, row } = this.#options;
    const isFirst = !this.#base;
    this.#base ??= { config: before, row: row() };
    if (isFirst) hold(true);
    const restore = file.keep(next, this.#base.config);
    return () => {
      restore();
      if (!isFirst) return;
      this.#base = undefined;
      hold(false);
    };
  }

  /** It is in force. Answers until when, or null if it stays. */
  taken(config: Config, within: number | undefined): number | null {
    if (!this.#base || isBack(config, this.#base.config)) {
      this.#end('file');
      return null;
    }
    this.#state = 'trial';
    if (within !== undefined) this.#arm(within);
    return this.#until;
  }

  /** Lets what is tried stay; answers whether anything was. */
  confirm(): boolean {
    if (this.#state !== 'trial') return false;
    this.#end('file');
    return true;
  }

  /** The one before is in force again. */
  undone(): void {
    this.#end('undone');
  }

  /** It could not be undone: once more after so many milliseconds. */
  again(after: number): void {
    this.#arm(after);
  }

  /** The service ends, and the next start undoes it. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(within: number): void {
    clearTimeout(this.#timer);
    this.#isDue = false;
    this.#until = this.#options.clock() + within;
    this.#timer = setTimeout(() => {
      this.#isDue = true;
      this.#options.over();
    }, within);
  }

  #end(state: 'file' | 'undone'): void {
    clearTimeout(this.#timer);
    const wasTried = this.#base !== undefined;
    this.#state = state;
    this.#isDue = false;
    this.#base = undefined;
    // What was undone stays marked: a start that finds the same file must not take it.
    if (state === 'file') this.#options.file.clear();
    if (wasTried) this.#options.hold(false);
  }
}

function isBack(config: Config, base: Config): boolean {
  const { keys, never, jails } = differenceOf(base, config);
  const changed = [keys, never.added, never.removed, jails.added, jails.removed, jails.changed];
  // Names of hosts are no part of the difference.
  return changed.every((list) => list.length === 0) && isSame(config.never.names, base.never.names);
}
