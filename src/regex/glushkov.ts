import { FULL, type Mask, maskOf } from './alphabet.js';
import { children, type Node, type Repetition } from './ast.js';

/**
 * Glushkov's automaton of a pattern: a state for each place where it reads a character. Ways that differ without reading are kept apart: a
 * state that follows another in two ways follows it twice.
 */
export interface Automaton {
  /** What is read on entering a state. */
  readonly masks: readonly Mask[];
  readonly follow: readonly (readonly number[])[];
  readonly first: readonly number[];
}

/** States at most; counted repetitions are written out. */
const MOST_STATES = 3000;

/** A count from which a repetition is taken for one without a limit: 33 times around may be many times too many. */
const MANY = 33;

class TooLarge extends Error {}

/** Undefined if it has more than 3,000 states. Look arounds are not in it. */
export function automatonOf(root: Node): Automaton | undefined {
  try {
    const builder = new Builder();
    const { first } = builder.fragment(root);
    return { masks: builder.masks, follow: builder.follow, first };
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

interface Fragment {
  /** The states that it may begin with, and end with. */
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** In how many ways it reads nothing; 2 stands for more, too. */
  readonly empty: number;
}

const NOTHING: Fragment = { first: [], last: [], empty: 1 };

class Builder {
  readonly masks: Mask[] = [];
  readonly follow: number[][] = [];

  fragment(node: Node): Fragment {
    switch (node.kind) {
      case 'character':
        return this.#state(maskOf(node.set));
      case 'concatenation':
        return node.parts.reduce((before: Fragment, part) => this.#joined(before, this.fragment(part)), NOTHING);
      case 'alternation':
      case 'conditional':
        return oneOf(children(node).map((branch) => this.fragment(branch)));
      case 'repetition':
        return this.#repeated(node);
      case 'group':
      case 'atomic':
        return this.fragment(node.body);
      case 'reference':
        return { ...this.#looped(this.#state(FULL)), empty: 1 };
      default:
        return NOTHING;
    }
  }

  #state(mask: Mask): Fragment {
    const state = this.masks.push(mask) - 1;
    if (state >= MOST_STATES) throw new TooLarge();
    this.follow.push([]);
    return { first: [state], last: [state], empty: 0 };
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const state of from) {
      const follow = this.follow[state] as number[];
      if (follow.length + to.length > 4 * MOST_STATES) throw new TooLarge();
      follow.push(...to);
    }
  }

  #joined(before: Fragment, behind: Fragment): Fragment {
    this.#connect(before.last, behind.first);
    return {
      first: [...before.first, ...times(behind.first, before.empty)],
      last: [...behind.last, ...times(before.last, behind.empty)],
      empty: Math.min(2, before.empty * behind.empty),
    };
  }

  #looped(body: Fragment): Fragment {
    this.#connect(body.last, body.first);
    return body;
  }

  #repeated({ body, least, most }: Repetition): Fragment {
    const isEndless = most - least >= MANY;
    let all = NOTHING;
    // The last of the times that have to be is the loop itself: x+ is one state, not two.
    for (let count = isEndless ? 1 : 0; count < Math.min(least, MANY); count++)
      all = this.#joined(all, this.fragment(body));
    if (isEndless) return this.#joined(all, this.#endless(body, least > 0));
    // Inside out: x{0,2} is (?:x(?:x)?)?
    let rest = NOTHING;
    for (let count = least; count < most; count++) rest = oneOf([this.#joined(this.fragment(body), rest), NOTHING]);
    return this.#joined(all, rest);
  }

  #endless(body: Node, isNeeded: boolean): Fragment {
    const loop = this.#looped(this.fragment(body));
    return isNeeded ? loop : { ...loop, empty: 1 };
  }
}

function times(states: readonly number[], count: number): readonly number[] {
  return count === 2 ? [...states, ...states] : count === 1 ? states : [];
}

function oneOf(fragments: readonly Fragment[]): Fragment {
  return {
    first: fragments.flatMap(({ first }) => first),
    last: fragments.flatMap(({ last }) => last),
    empty: Math.min(
      2,
      fragments.reduce((sum, { empty }) => sum + empty, 0),
    ),
  };
}
