import type { Config } from '../config/config.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { type ReloadReport, sentencesOf } from '../model/reload-report.js';
import type { Configured } from './configured.js';
import type { Events } from './events.js';
import type { Systemd } from './systemd.js';
import { Turns } from './turns.js';

export interface ReloadOptions {
  readonly configured: Pick<Configured, 'apply' | 'config' | 'stop'>;
  /** Reads the configuration anew; absent where it is from no file. @throws DropsetError with every fault, one a line. */
  readonly load: (() => Config) | undefined;
  readonly events: Pick<Events, 'tell' | 'problem'>;
  readonly systemd: Pick<Systemd, 'reloading' | 'reloaded'>;
}

/** Reads the configuration anew when it is asked to, and tells everybody what came of it. */
export class Reload {
  readonly #options: ReloadOptions;
  readonly #turns = new Turns();
  #next: Promise<ReloadReport> | undefined;
  #isStopping = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
  }

  /**
   * Reads it anew and puts the differences in force. While one goes on, however many ask for it, there is one more behind it: the
   * file may have changed since it was read.
   *
   * @throws DropsetError: then everything is as it was.
   */
  request(): Promise<ReloadReport> {
    this.#next ??= this.#turns.take(() => {
      this.#next = undefined;
      return this.#once();
    });
    return this.#next;
  }

  /** Refuses what has not begun; resolves when nothing is at work any more. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#options.configured.stop();
    await this.#turns.take(async () => undefined);
  }

  async #once(): Promise<ReloadReport> {
    const { systemd, configured } = this.#options;
    systemd.reloading();
    try {
      const report = await configured.apply(this.#load());
      this.#tell(report);
      return report;
    } catch (thrown) {
      this.#complain(messageOf(thrown).split('\n'));
      throw thrown;
    } finally {
      if (!this.#isStopping) systemd.reloaded(`${configured.config.jails.length} jails`);
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
