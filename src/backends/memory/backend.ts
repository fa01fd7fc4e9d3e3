import type { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import { PROTOCOLS, type Scope } from '../../model/scope.js';
import type { Counters, Element } from '../../model/street.js';
import type { Backend, BackendState } from '../backend.js';
import { Held } from '../held.js';

export interface MemoryOptions {
  /** Elements that can be held, as a set in the kernel has a size. Default: no limit. */
  readonly size?: number;
  /** Passes whatever stands. */
  readonly allow?: readonly Prefix[];
  readonly clock?: Clock;
}

/** Changes a batch: the same order of magnitude as in the kernel, so that `--dry-run` behaves like the real thing. */
const MOST_CHANGES = 10_000;

/** Keeps elements in this process and drops nothing: what `--dry-run` uses. Same verbs, same timeouts, same refusals. */
export class MemoryBackend implements Backend {
  readonly kind = 'memory';
  readonly capacity = MOST_CHANGES;
  readonly #held: Held;
  #allowed: readonly Prefix[];

  constructor({ size, allow = [], clock = systemClock }: MemoryOptions = {}) {
    this.#allowed = allow;
    this.#held = new Held({ size, clock });
  }

  async open(): Promise<void> {}

  async settle(): Promise<void> {}

  async apply(batch: Batch): Promise<void> {
    this.#held.takeEnded();
    this.#held.admit(batch.changes);
    for (const change of batch.changes) this.#held.enter(change);
  }

  async clear(): Promise<void> {
    this.#held.clear();
  }

  async allow(prefixes: readonly Prefix[]): Promise<void> {
    this.#allowed = prefixes;
  }

  /** Whether a packet of an address would be dropped. @param protocol its number; TCP's where absent. @param port the destination. */
  drops(address: Prefix, protocol: number = PROTOCOLS.tcp, port?: number): boolean {
    if (this.#allowed.some((allowed) => allowed.covers(address))) return false;
    const drops = (scope: Scope | undefined): boolean =>
      scope === undefined || (!scope.observes && scope.meets(protocol, port));
    return [...this.#held.live()].some(({ prefix, scope }) => prefix.covers(address) && drops(scope));
  }

  async *elements(): AsyncGenerator<Element> {
    yield* this.#held.live();
  }

  async lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]> {
    return this.#held.lookup(prefixes);
  }

  async counters(): Promise<Counters> {
    this.#held.takeEnded();
    return { elements: this.#held.count, packets: 0, bytes: 0 };
  }

  state(): BackendState {
    return {};
  }

  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    if (!keep) this.#held.clear();
  }

  async detach(): Promise<string> {
    return 'nothing was in the kernel';
  }
}
