import { type Concatenation, children, type Node, type Repetition } from './ast.js';
import { asciiTable, type CharSet, charSet } from './charset.js';
import { unfold } from './fold.js';
import { ANY, implies, type Literals, product, reduced, strength, union } from './literals.js';
import { memoize } from './memoize.js';

/** A text can match only if it contains one of the literals, which are printable ASCII. */
export interface Clause {
  readonly literals: readonly string[];
  /**
   * Whether ASCII letters of either case do; the literals are in lower case then. Python's `k`, `s` and `i` also match the Kelvin sign,
   * the long s, and two i of Turkish: a text that is not ASCII has to pass such a clause unseen.
   */
  readonly ignoreCase: boolean;
}

/** A text can match only if all clauses hold; the most telling ones come first. Without clauses nothing is known. */
export type Requirement = readonly Clause[];

/** Shorter literals are in too many lines to tell anything. */
const SHORTEST = 2;

const MOST_CLAUSES = 8;

/** Times that a counted repetition is written out, at most. */
const MOST_TIMES = 64;

/** Characters of a set that are worth literals of their own: `[Ff]`. */
const MOST_CHARACTERS = 4;

/** Derives what every text that matches contains. Look arounds and references contribute nothing. */
export function requirementOf(root: Node): Requirement {
  const { prefix, suffix, clauses } = shapeOf(root);
  const candidates = [...clauses, prefix, suffix].map(reduced).filter((clause) => strength(clause) >= SHORTEST);
  const kept: Literals[] = [];
  for (const clause of candidates.sort((a, b) => strength(b) - strength(a))) {
    if (!kept.some((better) => implies(better, clause))) kept.push(clause);
  }
  return kept.slice(0, MOST_CLAUSES).map(({ strings, ignoreCase }) => ({ literals: strings, ignoreCase }));
}

/** What is known of the texts that a node matches. */
interface Shape {
  /** Whether each text is one of `prefix` (and `suffix`, which is the same). */
  readonly isExact: boolean;
  /** Each text begins with one of these. */
  readonly prefix: Literals;
  readonly suffix: Literals;
  /** Each text contains one of each. */
  readonly clauses: readonly Literals[];
}

const exact = (literals: Literals): Shape => ({ isExact: true, prefix: literals, suffix: literals, clauses: [] });

const UNKNOWN: Shape = { isExact: false, prefix: ANY, suffix: ANY, clauses: [] };

function shapeOf(node: Node): Shape {
  switch (node.kind) {
    case 'character':
      return shapeOfSet(node.set);
    case 'concatenation':
      return sequenceShape(node);
    case 'alternation':
    case 'conditional':
      return choiceShape(children(node).map(shapeOf));
    case 'repetition':
      return repeatedShape(node);
    case 'group':
    case 'atomic':
      return shapeOf(node.body);
    case 'reference':
      return UNKNOWN;
    default:
      return exact(ANY);
  }
}

/** A set of few printable characters, without the other cases of its letters, if those count too. */
const shapeOfSet = memoize((set: CharSet): Shape => {
  const strict = set.negated ? unfold(set) : charSet(set.terms);
  if (strict.negated || strict.terms.some((term) => typeof term === 'string' || term[1] > 0x7e)) return UNKNOWN;
  const table = asciiTable(strict);
  const strings = Array.from(table, (isIn, code) => (isIn ? String.fromCharCode(code) : '')).filter(
    (text) => text !== '',
  );
  if (strings.length === 0 || strings.length > MOST_CHARACTERS || strings.some((text) => text < ' ')) return UNKNOWN;
  return exact({ strings, ignoreCase: set.fold !== 'none' && strings.some((text) => /[a-z]/i.test(text)) });
});

/** What lies side by side makes longer literals. */
function sequenceShape({ parts }: Concatenation): Shape {
  let run = ANY;
  const runs: Literals[] = [];
  const clauses: Literals[] = [];
  for (const part of parts) {
    const shape = shapeOf(part);
    const longer = product(run, shape.prefix);
    if (shape.isExact && longer) {
      run = longer;
      continue;
    }
    runs.push(longer ?? run, ...(longer ? [] : [shape.prefix]));
    clauses.push(...shape.clauses);
    run = shape.suffix;
  }
  if (runs.length === 0) return exact(run);
  return { isExact: false, prefix: runs[0] as Literals, suffix: run, clauses: [...clauses, ...runs, run] };
}

/** One of several shapes: the strongest clause of each together. */
function choiceShape(shapes: readonly Shape[]): Shape {
  const prefix = union(shapes.map((shape) => shape.prefix));
  if (shapes.every(({ isExact }) => isExact) && prefix) return exact(prefix);
  const suffix = union(shapes.map((shape) => shape.suffix));
  const clause = union(shapes.map(strongest));
  return { isExact: false, prefix: prefix ?? ANY, suffix: suffix ?? ANY, clauses: clause ? [clause] : [] };
}

function strongest({ prefix, suffix, clauses }: Shape): Literals {
  return [...clauses, prefix, suffix].reduce((best, other) => (strength(other) > strength(best) ? other : best));
}

function repeatedShape({ body, least, most }: Repetition): Shape {
  const shape = shapeOf(body);
  if (least === 0) return most === 1 && shape.isExact ? choiceShape([shape, exact(ANY)]) : UNKNOWN;
  if (least === 1 && most === 1) return shape;
  if (shape.isExact && least === most && least <= MOST_TIMES) {
    return sequenceShape({ kind: 'concatenation', parts: new Array(least).fill(body) });
  }
  return { ...shape, isExact: false, clauses: [...shape.clauses, shape.prefix, shape.suffix] };
}
