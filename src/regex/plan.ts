import { assemble } from './assemble.js';
import type { Expression } from './ast.js';
import { Backtracker } from './backtracker.js';
import { asksFor, resolve } from './conditional.js';
import { isFaithful, loosen } from './faithful.js';
import type { Risk } from './risk.js';
import { Variants } from './variants.js';

/**
 * What answers in the end:
 * - `v8`: V8's backtracking engine, which compiles to machine code.
 * - `linear`: the machine of this room, which tries each pair of a choice and a position once: where V8 could take for ever, or does not
 *   understand Python. V8 may still tell it beforehand what cannot match.
 * - `backtracking`: the same machine without that bound, for the rare references and conditionals that V8 does not understand.
 */
export type Engine = 'v8' | 'linear' | 'backtracking';

/** How to search for a pattern. */
export interface Plan {
  readonly engine: Engine;
  /** V8's answer, which is the pattern's own if the engine is V8; else it only tells what cannot match. */
  readonly variants?: Variants;
  /** The machine's answer; with the engine V8 it is there where the risk is not `none` and its time is bounded. */
  readonly machine?: Backtracker;
}

/** Undefined if the pattern is too large for all engines. */
export function planOf(expression: Expression, risk: Risk, hasSpans: boolean): Plan | undefined {
  const exact = exactVariants(expression, hasSpans);
  const program = exact && risk === 'none' ? undefined : assemble(expression);
  const machine = program && new Backtracker(program, expression.names, hasSpans);
  const isLinear = program?.isMemoryless === true;
  if (exact && !(risk === 'exponential' && isLinear)) {
    return { engine: 'v8', variants: exact, ...(isLinear && machine && { machine }) };
  }
  if (!machine) return undefined;
  const variants = risk === 'exponential' ? undefined : filter(expression);
  return { engine: isLinear ? 'linear' : 'backtracking', machine, ...(variants && { variants }) };
}

/** V8, if it finds exactly what Python finds. */
function exactVariants(expression: Expression, hasSpans: boolean): Variants | undefined {
  const tree = resolve(expression.root);
  if (!tree) return undefined;
  const wanted = new Set([...expression.names.values(), ...asksFor(tree)]);
  if (hasSpans) for (let group = 1; group <= expression.groupCount; group++) wanted.add(group);
  if (!isFaithful(tree, wanted)) return undefined;
  return unlessTooLarge(() => new Variants(tree, expression.names, wanted, hasSpans));
}

/** V8, with a pattern that matches wherever the given one does. */
function filter({ root }: Expression): Variants | undefined {
  return unlessTooLarge(() => new Variants(loosen(root), new Map(), new Set(), false));
}

function unlessTooLarge(make: () => Variants): Variants | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
