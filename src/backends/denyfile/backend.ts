import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import { DropsetError, messageOf } from '../../model/errors.js';
import type { Prefix } from '../../model/prefix.js';
import type { AddChange, Counters, Element } from '../../model/street.js';
import { Allowed } from '../allowed.js';
import type { Backend, BackendState } from '../backend.js';
import { Ends } from '../ends.js';
import { Held } from '../held.js';
import { refuseUnfit, unfitScope } from '../unfit.js';
import { Cycle } from './cycle.js';
import { FORMATS } from './formats/formats.js';
import { type Left, linesOf } from './lines.js';
import type { DenyfileOptions } from './options.js';
import { Publication } from './publication.js';

/** Changes a batch: as many as the kernel's backends take. */
const MOST_CHANGES = 10_000;

/**
 * A file of who is denied, in the form that a web server reads, for sites where a packet's source is a proxy and not the client.
 *
 * `apply` answers when the element is accepted: it is in the file within `interval`, so that nobody waits for a disk or a server's check. What
 * fails then is told, and tried again. Ends are this process's affair: while it is dead, the file stays as it is.
 */
export class DenyfileBackend implements Backend {
  readonly kind = 'denyfile';
  readonly capacity = MOST_CHANGES;
  readonly #options: DenyfileOptions;
  readonly #held: Held;
  readonly #ends: Ends;
  readonly #publication: Publication;
  readonly #cycle: Cycle;
  readonly #clock: Clock;
  #allowed: Allowed;
  #isSettled = false;
  #written: number | null = null;
  #failure: string | null = null;

  constructor(options: DenyfileOptions) {
    const { clock = systemClock, size, interval } = options;
    this.#options = options;
    this.#clock = clock;
    this.#held = new Held({ size, clock });
    this.#ends = new Ends(this.#held, clock, async () => {
      if (this.#held.takeEnded().length > 0) this.#ask();
    });
    this.#publication = new Publication(options);
    this.#cycle = new Cycle({ interval, round: () => this.#write(), told: (failure) => this.#tell(failure) });
    this.#allowed = new Allowed(options.allow);
  }

  async open(): Promise<void> {
    const { path } = this.#options;
    try {
      await access(dirname(path), constants.W_OK | constants.X_OK);
      await this.#publication.recover();
    } catch (thrown) {
      throw new DropsetError(
        'permission',
        `${path} cannot be written: ${messageOf(thrown)}; its directory must be there, and be writable for the service (ReadWritePaths= in its unit)`,
        { cause: thrown },
      );
    }
  }

  /** Until now the file was left as an earlier run wrote it. A failure is told, and does not keep the service from starting. */
  async settle(): Promise<void> {
    this.#isSettled = true;
    this.#cycle.ask();
    await this.#cycle.now();
  }

  unfit(change: AddChange): string | undefined {
    const { format, path } = this.#options;
    const unsaid = FORMATS[format as keyof typeof FORMATS].refusal?.(change.prefix);
    return unfitScope(change) ?? (unsaid && `${path} is a ${format}: ${unsaid}`);
  }

  async apply(batch: Batch): Promise<void> {
    refuseUnfit(batch.changes, this);
    this.#held.admit(batch.changes);
    for (const change of batch.changes) this.#held.enter(change);
    this.#ends.arm();
    this.#ask();
  }

  async clear(): Promise<void> {
    this.#held.clear();
    this.#ask();
  }

  async allow(prefixes: readonly Prefix[]): Promise<void> {
    this.#allowed = new Allowed(prefixes);
    this.#ask();
  }

  async *elements(): AsyncGenerator<Element> {
    yield* this.#held.live();
  }

  async lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]> {
    return this.#held.lookup(prefixes);
  }

  /** Nobody counts who is turned away. */
  async counters(): Promise<Counters> {
    return { elements: this.#held.count, packets: 0, bytes: 0 };
  }

  async check(): Promise<readonly string[]> {
    if (!this.#isSettled || this.#cycle.isPending || !(await this.#publication.isForeign())) return [];
    return [`somebody changed ${this.#options.path}`];
  }

  async repair(): Promise<void> {
    this.#publication.forget();
    this.#ask();
    await this.#cycle.now();
  }

  /** Resolves when what was asked for is in the file, or could not be written. */
  written(): Promise<void> {
    return this.#cycle.now();
  }

  state(): BackendState {
    const { path, format } = this.#options;
    const file = { path, format, written: this.#written, pending: this.#cycle.isPending, failure: this.#failure };
    return { file };
  }

  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    this.#ends.stop();
    if (!keep) await this.clear();
    await this.#cycle.stop();
  }

  async detach(): Promise<string> {
    const { path, format } = this.#options;
    try {
      if (!(await this.#publication.recover())) return `${path} was not there`;
      await this.#publication.publish([FORMATS[format].head]);
    } catch (thrown) {
      throw new DropsetError('kernel', messageOf(thrown), { cause: thrown });
    }
    return `${path} denies nobody`;
  }

  #ask(): void {
    if (this.#isSettled) this.#cycle.ask();
  }

  async #write(): Promise<void> {
    this.#held.takeEnded();
    const left: Left = { count: 0 };
    await this.#publication.publish(linesOf(FORMATS[this.#options.format], this.#held, this.#allowed, left));
    this.#written = this.#clock();
    if (left.count === 0) return;
    this.#options.say(
      'warning',
      `${left.count} prefixes are not denied in ${this.#options.path}, to spare who is never banned in them: the format cannot say so; the first: ${left.first}`,
    );
  }

  #tell(failure: string | undefined): void {
    const isNew = failure !== this.#failure;
    this.#failure = failure ?? null;
    if (failure === undefined) this.#options.say('info', `${this.#options.path} is written again`);
    else if (isNew) this.#options.say('warning', `${failure}; it is tried again`);
  }
}
