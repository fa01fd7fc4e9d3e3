import { both, either, FULL, type Mask, NONE, overlap } from './alphabet.js';
import type { Automaton } from './glushkov.js';

/** Pairs of states that are looked at in one loop, at most. */
const MOST_PAIRS = 200_000;

/**
 * Whether a loop can be gone around in two ways that read the same text: the number of ways doubles with each time around. (Weber and
 * Seidl, 1991: the criterion EDA.) In doubt, true.
 */
export function isExponential({ masks, follow }: Automaton, loop: readonly number[]): boolean {
  const inside = new Set(loop);
  const next = new Map(loop.map((state) => [state, (follow[state] as number[]).filter((other) => inside.has(other))]));
  for (const others of next.values()) if (new Set(others).size < others.length) return true;
  return new Pairs(masks, next).meet(loop);
}

/** Walks two ways at once. */
class Pairs {
  readonly #masks: readonly Mask[];
  readonly #next: ReadonlyMap<number, readonly number[]>;
  readonly #seen = new Set<number>();
  readonly #pending: [number, number][] = [];

  constructor(masks: readonly Mask[], next: ReadonlyMap<number, readonly number[]>) {
    this.#masks = masks;
    this.#next = next;
  }

  /** Whether two ways that part somewhere in the loop, and read the same, meet again. */
  meet(loop: readonly number[]): boolean {
    for (const state of loop) this.#step(state, state, true);
    for (let pair = this.#pending.pop(); pair; pair = this.#pending.pop()) {
      if (this.#seen.size > MOST_PAIRS || this.#step(pair[0], pair[1], false)) return true;
    }
    return false;
  }

  /** Adds the pairs that come next. True if the two ways can meet. */
  #step(one: number, other: number, isSame: boolean): boolean {
    for (const a of this.#next.get(one) as readonly number[]) {
      for (const b of this.#next.get(other) as readonly number[]) {
        if (a === b && isSame) continue;
        if (!overlap(this.#masks[a] as Mask, this.#masks[b] as Mask)) continue;
        if (a === b) return true;
        this.#add(a, b);
      }
    }
    return false;
  }

  #add(a: number, b: number): void {
    const key = a * this.#masks.length + b;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#pending.push([a, b]);
  }
}

/**
 * Whether a text can be divided between two loops, one behind the other, in as many ways as it is long: both can read it, and so can what
 * lies between. (The criterion IDA; in doubt, true.) A search that may begin anywhere begins with a loop of its own.
 */
export function isPolynomial(
  automaton: Automaton,
  loops: readonly (readonly number[])[],
  isAnchored: boolean,
): boolean {
  const all = loops.map((loop) => ({
    states: new Set(loop),
    mask: loop.map((state) => automaton.masks[state] as Mask).reduce(either, NONE),
  }));
  return all.some(({ states, mask }) => {
    if (!isAnchored && leads(automaton, automaton.first, states, both(mask, FULL))) return true;
    return all.some(
      (other) =>
        other.states !== states && leads(automaton, exits(automaton, other.states), states, both(mask, other.mask)),
    );
  });
}

function exits({ follow }: Automaton, loop: ReadonlySet<number>): number[] {
  return [...loop].flatMap((state) => (follow[state] as number[]).filter((other) => !loop.has(other)));
}

/** Whether a loop can be reached from some states by reading characters of a set. */
function leads({ masks, follow }: Automaton, from: readonly number[], loop: ReadonlySet<number>, mask: Mask): boolean {
  const seen = new Set<number>();
  const pending = [...from];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (seen.has(state) || !overlap(masks[state] as Mask, mask)) continue;
    if (loop.has(state)) return true;
    seen.add(state);
    pending.push(...(follow[state] as number[]));
  }
  return false;
}
