import type { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import { Refusal } from '../../model/refusal.js';
import { PROTOCOLS, type Scope } from '../../model/scope.js';
import type { AddChange, Counters, Element } from '../../model/street.js';
import type { Backend, BackendState } from '../backend.js';

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
  readonly #size: number;
  readonly #clock: Clock;
  #elements = new Map<string, Element>();
  #allowed: readonly Prefix[];
  /** No element ends before this: until then there is nothing to look for. */
  #nextEnd = Number.POSITIVE_INFINITY;

  constructor(options: MemoryOptions = {}) {
    this.#allowed = options.allow ?? [];
    this.#size = options.size ?? Number.POSITIVE_INFINITY;
    this.#clock = options.clock ?? systemClock;
  }

  async open(): Promise<void> {}

  async settle(): Promise<void> {}

  async apply(batch: Batch): Promise<void> {
    this.#expire();
    const added = batch.changes.filter(({ verb, prefix }) => verb === 'add' && !this.#elements.has(prefix.text));
    const removed = batch.changes.filter(({ verb, prefix }) => verb === 'remove' && this.#elements.has(prefix.text));
    if (this.#elements.size + added.length - removed.length > this.#size) {
      throw new Refusal('element', `the set is full: it holds ${this.#size} elements; raise size in [backend]`);
    }
    for (const change of batch.changes) {
      if (change.verb === 'remove') this.#elements.delete(change.prefix.text);
      else this.#put(elementOf(change));
    }
  }

  async clear(): Promise<void> {
    this.#elements = new Map();
  }

  async allow(prefixes: readonly Prefix[]): Promise<void> {
    this.#allowed = prefixes;
  }

  /** Whether a packet of an address would be dropped. @param protocol its number; TCP's where absent. @param port the destination. */
  drops(address: Prefix, protocol: number = PROTOCOLS.tcp, port?: number): boolean {
    this.#expire();
    if (this.#allowed.some((allowed) => allowed.covers(address))) return false;
    const drops = (scope: Scope | undefined): boolean =>
      scope === undefined || (!scope.observes && scope.meets(protocol, port));
    return [...this.#elements.values()].some(({ prefix, scope }) => prefix.covers(address) && drops(scope));
  }

  async *elements(): AsyncGenerator<Element> {
    this.#expire();
    yield* this.#elements.values();
  }

  async lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]> {
    this.#expire();
    return prefixes.map(({ text }) => this.#elements.get(text));
  }

  async counters(): Promise<Counters> {
    this.#expire();
    return { elements: this.#elements.size, packets: 0, bytes: 0 };
  }

  state(): BackendState {
    return {};
  }

  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    if (!keep) this.#elements = new Map();
  }

  async detach(): Promise<string> {
    return 'nothing was in the kernel';
  }

  #put(element: Element): void {
    this.#elements.set(element.prefix.text, element);
    this.#nextEnd = Math.min(this.#nextEnd, element.until ?? Number.POSITIVE_INFINITY);
  }

  #expire(): void {
    const now = this.#clock();
    if (now < this.#nextEnd) return;
    this.#nextEnd = Number.POSITIVE_INFINITY;
    for (const element of this.#elements.values()) {
      if (element.until !== null && element.until <= now) this.#elements.delete(element.prefix.text);
      else this.#nextEnd = Math.min(this.#nextEnd, element.until ?? Number.POSITIVE_INFINITY);
    }
  }
}

const elementOf = ({ prefix, until, scope }: AddChange): Element =>
  scope ? { prefix, until, scope } : { prefix, until };
