import type { Config } from '../config/config.js';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Event } from '../model/events.js';
import { type ReloadReport, sentencesOf } from '../model/reload-report.js';
import { formatTime } from '../model/time.js';
import type { Configured } from './configured.js';
import type { Events } from './events.js';
import type { Systemd } from './systemd.js';
import type { Standing, Trial } from './trial.js';
import { Turns } from './turns.js';

/** Milliseconds until what could not be undone is tried again. */
const AGAIN = 10_000;

/** What `status` says when nobody has confirmed. */
export const UNDONE =
  'nobody confirmed the configuration that was tried: the one before is in force, and the file differs from it; put the file right, then: dropset reload';

export interface ReloadOptions {
  readonly configured: Pick<Configured, 'apply' | 'config' | 'stop'>;
  /** Reads the configuration anew; absent where it is from no file. @throws DropsetError with every fault, one a line. */
  readonly load: (() => Config) | undefined;
  readonly events: Pick<Events, 'tell' | 'problem'>;
  readonly systemd: Pick<Systemd, 'reloading' | 'reloaded'>;
  readonly trial: Trial;
  /** Lifts what some jails have banned behind a row of the ledger's; answers how many. */
  readonly liftSince: (jails: readonly string[], row: number) => Promise<number>;
}

/** Reads the configuration anew when it is asked to, and tells everybody what came of it. */
export class Reload {
  readonly #options: ReloadOptions;
  readonly #turns = new Turns();
  #next: { readonly within: number | undefined; readonly report: Promise<ReloadReport> } | undefined;
  #isStopping = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
  }

  /**
   * Reads it anew and puts the differences in force. While one goes on, however many ask for it, there is one more behind it: the
   * file may have changed since it was read.
   *
   * @param within milliseconds after which it is undone unless it is confirmed; where absent it stays, or is undone with the one before it
   * that still waits.
   * @throws DropsetError: then everything is as it was.
   */
  request(within?: number): Promise<ReloadReport> {
    if (this.#next?.within === within && this.#next) return this.#next.report;
    const next = {
      within,
      report: this.#turns.take(() => {
        if (this.#next === next) this.#next = undefined;
        return this.#once(within);
      }),
    };
    this.#next = next;
    return next.report;
  }

  /** Lets a configuration stay that would be undone, behind what is being read; answers whether there was one. */
  confirm(): Promise<boolean> {
    return this.#turns.take(async () => {
      const isConfirmed = this.#options.trial.confirm();
      if (isConfirmed) this.#options.events.tell(noted('the configuration is confirmed: it stays'));
      return isConfirmed;
    });
  }

  /** The time of what was tried is over. */
  undo(): void {
    this.#turns.take(() => this.#undo()).catch((thrown) => this.#options.events.problem(messageOf(thrown)));
  }

  get standing(): Standing {
    return this.#options.trial.standing;
  }

  /** Refuses what has not begun; resolves when nothing is at work any more. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#options.configured.stop();
    this.#options.trial.stop();
    await this.#turns.take(async () => undefined);
  }

  #once(within: number | undefined): Promise<ReloadReport> {
    return this.#announced(async () => {
      try {
        const report = await this.#take(this.#load(), within);
        this.#tell(report);
        return report;
      } catch (thrown) {
        this.#complain(messageOf(thrown).split('\n'));
        throw thrown;
      }
    });
  }

  /** systemd hears of the begin and of the end. */
  async #announced<T>(work: () => Promise<T>): Promise<T> {
    const { systemd, configured } = this.#options;
    systemd.reloading();
    try {
      return await work();
    } finally {
      if (!this.#isStopping) systemd.reloaded(`${configured.config.jails.length} jails`);
    }
  }

  async #take(next: Config, within: number | undefined): Promise<ReloadReport> {
    const { configured, trial } = this.#options;
    const refused = trial.begin(next, configured.config, within);
    try {
      const report = await configured.apply(next);
      return { ...report, until: formatTime(trial.taken(configured.config, within)) };
    } catch (thrown) {
      refused();
      throw thrown;
    }
  }

  async #undo(): Promise<void> {
    const { configured, trial, liftSince, events } = this.#options;
    const base = trial.due;
    if (!base || this.#isStopping) return;
    try {
      const report = await this.#announced(() => configured.apply(base.config));
      trial.undone();
      events.tell({
        kind: 'reload',
        taken: true,
        message: `undone: ${sentencesOf({ ...report, restart: [] }).join('; ')}`,
      });
      events.problem(UNDONE);
      const { removed, changed } = report.jails;
      const lifted = await liftSince([...removed, ...changed], base.row);
      if (lifted > 0) events.tell(noted(`${lifted} bans lifted that jails said which were undone`));
    } catch (thrown) {
      trial.again(AGAIN);
      events.problem(`the configuration could not be undone, which is tried again: ${messageOf(thrown)}`);
    }
  }

  #load(): Config {
    const { load } = this.#options;
    if (load) return load();
    throw new DropsetError('request', 'this service was given its configuration by a program, and has no file to read');
  }

  #tell(report: ReloadReport): void {
    const { events } = this.#options;
    for (const message of report.notes) events.tell({ kind: 'note', level: 'warning', message });
    const message = `reloaded: ${sentencesOf({ ...report, restart: [] }).join('; ')}`;
    events.tell({ kind: 'reload', taken: true, message });
    if (report.restart.length > 0)
      events.problem(`${report.restart.join(', ')}: changed in the configuration, needs a restart`);
  }

  /** Every fault in the log, and one sentence for `status`, whose room is small. */
  #complain(faults: readonly string[]): void {
    const { events } = this.#options;
    for (const message of faults) events.tell({ kind: 'reload', taken: false, message });
    const more = faults.length > 1 ? ` (and ${faults.length - 1} more lines: dropset config check)` : '';
    events.problem(`the configuration was not reloaded, and the one before stays: ${faults[0]}${more}`);
  }
}

const noted = (message: string): Event => ({ kind: 'note', level: 'info', message });
