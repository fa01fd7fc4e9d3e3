import { ADD, byRule, type Found, OBSERVE } from '../../bpf/records.js';
import { Scope } from '../../model/scope.js';
import type { Element } from '../../model/street.js';
import type { Generation } from './generation.js';
import { scopesRefusal } from './refusal.js';

/** How long nobody looks again for a number that nobody has: a look goes through all elements. Milliseconds. */
const NO_LOOK = 10_000;

/** Slots of one step of that look. */
const SLOTS = 16_384;

/** The scope that observes all packets: it needs no rule. */
export const OBSERVE_ALL = Scope.of([], true) as Scope;

/** What scopes are in a batch's records: bits of a verb. */
export class Numbers {
  /** Given away to elements that do not stand yet. */
  readonly #given = new Set<number>();
  #looked = Number.NEGATIVE_INFINITY;

  /** A batch begins. */
  begin(): this {
    this.#given.clear();
    return this;
  }

  /** The verb that adds an element of that scope. @throws Refusal where no more scopes can be told apart. */
  verb(generation: Generation, scope: Scope | undefined): number {
    if (!scope) return ADD;
    const observes = scope.observes ? OBSERVE : 0;
    if (scope.ports.length === 0) return ADD | observes;
    const number = generation.scopes.number(scope, () => this.#inUse(generation));
    if (number === undefined) throw scopesRefusal();
    this.#given.add(number);
    return ADD | observes | byRule(number);
  }

  /** All of them, where nobody has looked for long enough. */
  #inUse({ tables, scopes }: Generation): ReadonlySet<number> {
    const now = performance.now();
    if (now < this.#looked + NO_LOOK) return new Set(scopes.all.keys());
    const found = new Set(this.#given);
    for (const part of tables.walk(SLOTS)) for (const { rule } of part) found.add(rule);
    if ([...scopes.all.keys()].every((number) => found.has(number))) this.#looked = now;
    return found;
  }
}

/** What an element says of its scope. */
export function scopeOf(
  { scopes }: Generation,
  { rule, observes }: Pick<Found, 'rule' | 'observes'>,
): Pick<Element, 'scope'> {
  const scope = rule === 0 ? (observes ? OBSERVE_ALL : undefined) : scopes.scope(rule);
  return scope ? { scope } : {};
}
