import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import { Refusal } from '../model/refusal.js';
import type { Change, Element } from '../model/street.js';

export interface HeldOptions {
  /** Elements that can be held. Default: no limit. */
  readonly size?: number | undefined;
  readonly clock: Clock;
}

/**
 * Elements with their ends, in this process's memory: what a backend holds whose kernel, or whose file, knows no ends. Some 200 bytes an
 * element.
 */
export class Held {
  readonly #size: number;
  readonly #clock: Clock;
  #elements = new Map<string, Element>();
  /** No element ends before this: until then there is nothing to look for. */
  #nextEnd = Number.POSITIVE_INFINITY;

  constructor({ size = Number.POSITIVE_INFINITY, clock }: HeldOptions) {
    this.#size = size;
    this.#clock = clock;
  }

  /** Those that have ended and were not taken included. */
  get count(): number {
    return this.#elements.size;
  }

  /** No element ends before this, by the clock; infinity where none has an end. */
  get nextEnd(): number {
    return this.#nextEnd;
  }

  has({ text }: Prefix): boolean {
    return this.#elements.has(text);
  }

  /** Whether there is room for what these changes add. @throws Refusal `element` */
  admit(changes: readonly Change[]): void {
    const added = changes.filter(({ verb, prefix }) => verb === 'add' && !this.has(prefix));
    const removed = changes.filter(({ verb, prefix }) => verb === 'remove' && this.has(prefix));
    if (this.#elements.size + added.length - removed.length > this.#size) {
      throw new Refusal('element', `the set is full: it holds ${this.#size} elements; raise size in [backend]`);
    }
  }

  enter(change: Change): void {
    const { prefix } = change;
    if (change.verb === 'remove') {
      this.#elements.delete(prefix.text);
      return;
    }
    const { until, scope } = change;
    this.#elements.set(prefix.text, scope ? { prefix, until, scope } : { prefix, until });
    this.#nextEnd = Math.min(this.#nextEnd, until ?? Number.POSITIVE_INFINITY);
  }

  /** Takes out what has ended, and answers it. */
  takeEnded(): readonly Element[] {
    const now = this.#clock();
    const ended: Element[] = [];
    if (now < this.#nextEnd) return ended;
    this.#nextEnd = Number.POSITIVE_INFINITY;
    for (const element of this.#elements.values()) {
      if (isOver(element, now)) {
        this.#elements.delete(element.prefix.text);
        ended.push(element);
      } else this.#nextEnd = Math.min(this.#nextEnd, element.until ?? Number.POSITIVE_INFINITY);
    }
    return ended;
  }

  /** The live element of each prefix, in order. */
  lookup(prefixes: readonly Prefix[]): (Element | undefined)[] {
    const now = this.#clock();
    return prefixes.map(({ text }) => {
      const element = this.#elements.get(text);
      return element && !isOver(element, now) ? element : undefined;
    });
  }

  /** The live elements, as they are while one goes through them. */
  *live(): Generator<Element> {
    for (const element of this.#elements.values()) if (!isOver(element, this.#clock())) yield element;
  }

  clear(): void {
    this.#elements = new Map();
    this.#nextEnd = Number.POSITIVE_INFINITY;
  }
}

const isOver = ({ until }: Element, now: number): boolean => until !== null && until <= now;
