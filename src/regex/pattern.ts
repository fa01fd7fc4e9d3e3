import type { Expression } from './ast.js';
import { refusal } from './cursor.js';
import type { Match, Search } from './match.js';
import { parse } from './parse.js';
import { type Engine, type Plan, planOf } from './plan.js';
import { type Requirement, requirementOf } from './requirement.js';
import { type Risk, riskOf } from './risk.js';

export interface PatternOptions {
  /** re.MULTILINE */
  readonly multiline?: boolean;
  /** re.IGNORECASE */
  readonly ignoreCase?: boolean;
  /** Whether matches tell the spans of all groups, named or not. It costs time. */
  readonly indices?: boolean;
}

/** Longer texts (in UTF-16 units) are not given to V8 where its time may grow faster than their length. */
const LONG = 2048;

const NON_ASCII = /[^\0-\x7f]/;

/**
 * Compiles a regular expression of Python 3.11's `re` (of the `str` kind).
 *
 * @throws DropsetError `filter`, with the offending piece and its offset, for what Python refuses, and for the little that is not
 * supported: `\N{...}`, the flags `L` and `t`, more than 64 KiB, groups more than 200 deep, a group called `__proto__`.
 */
export function compilePattern(python: string, options: PatternOptions = {}): Pattern {
  const { multiline = false, ignoreCase = false, indices = false } = options;
  return new Pattern(python, parse(python, { multiline, ignoreCase }), indices);
}

/** A regular expression of Python, which finds what Python's `re.search` finds. Immutable. */
export class Pattern {
  readonly python: string;
  /** In the order of the pattern. */
  readonly groupNames: readonly string[];
  /** Named or not, without the whole. */
  readonly groupCount: number;
  /** What every text that matches contains. */
  readonly requirement: Requirement;
  /** How the time of a backtracking engine could grow with the text's length. */
  readonly risk: Risk;
  readonly #plan: Plan;

  /** Use compilePattern. */
  constructor(python: string, expression: Expression, hasSpans: boolean) {
    this.python = python;
    this.groupNames = [...expression.names.keys()];
    this.groupCount = expression.groupCount;
    this.requirement = requirementOf(expression.root);
    this.risk = riskOf(expression.root);
    const plan = planOf(expression, this.risk, hasSpans);
    if (!plan) throw refusal(python, 'it is too large: its counted repetitions multiply', python, 0);
    this.#plan = plan;
  }

  get engine(): Engine {
    return this.#plan.engine;
  }

  /**
   * The leftmost match, as re.search finds it.
   *
   * @param isAscii whether the text is known to be ASCII alone; to say so of other text gives wrong answers. Looked up if absent.
   * @param from the first place where it may begin: re's `pos`, in UTF-16 units. What is before it is there all the same.
   */
  exec(text: string, isAscii: boolean = !NON_ASCII.test(text), from = 0): Match | undefined {
    return this.#searchOf(text, isAscii)?.exec(text, from);
  }

  /** Whether there is a match. */
  test(text: string, isAscii: boolean = !NON_ASCII.test(text)): boolean {
    return this.#searchOf(text, isAscii)?.test(text) === true;
  }

  /** Who searches this text; undefined if it is known not to match. */
  #searchOf(text: string, isAscii: boolean): Search | undefined {
    const { engine, variants, machine } = this.#plan;
    if (!variants || (machine && text.length > LONG)) return machine;
    const v8 = variants.of(isAscii);
    if (engine === 'v8') return v8;
    return v8.test(text) ? machine : undefined;
  }
}
