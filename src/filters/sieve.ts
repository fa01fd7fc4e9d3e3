import type { Clause, Requirement } from '../regex/requirement.js';
import type { CompiledFilter } from './compiled.js';

/** What a sieve asks of a line: the scanner's answers. */
export interface Sight {
  readonly isAscii: boolean;
  has(literal: number): boolean;
}

/** A clause as numbers of literals: any of them will do. */
interface Wanted {
  readonly literals: readonly number[];
  /** Beyond ASCII, letters have partners that the scanner does not know (K is a kelvin sign too). */
  readonly ignoreCase: boolean;
}

/**
 * Which lines a filter can match at all, and with which expressions, by literals that its expressions need.
 *
 * A date is cut out of a line before it is searched, and might leave a literal where there was none, out of one piece before
 * it and one behind. So literals are shortened first, such that at least one piece of them stands in the line as it was.
 */
export class Sieve {
  readonly #prefix: readonly Wanted[];
  readonly #expressions: readonly (readonly Wanted[])[];
  /** By failregex: 1 where the line that was looked at last cannot match. */
  readonly skip: Uint8Array;
  /** Whether there are lines that it can tell away. */
  readonly isUseful: boolean;

  /**
   * @param number gives a literal its number; told twice, the same.
   * @param anchoring `line-begin` where at most two characters that are no letters or digits stand before a date.
   */
  constructor(filter: CompiledFilter, anchoring: 'line-begin' | 'anywhere', number: (literal: string) => number) {
    const wanted = (requirement: Requirement): Wanted[] =>
      requirement.flatMap((clause) => {
        const literals = piecesOf(clause, anchoring);
        return literals ? [{ literals: literals.map(number), ignoreCase: clause.ignoreCase }] : [];
      });
    this.#prefix = wanted(filter.prefregex?.pattern.requirement ?? []);
    this.#expressions = filter.failregex.map(({ pattern }) => wanted(pattern.requirement));
    this.skip = new Uint8Array(this.#expressions.length);
    this.isUseful = this.#prefix.length > 0 || this.#expressions.every((clauses) => clauses.length > 0);
  }

  /** Whether the line can match; `skip` then says which expressions cannot. */
  passes(line: Sight): boolean {
    if (!fits(this.#prefix, line)) return false;
    let isPassed = false;
    for (let index = 0; index < this.#expressions.length; index++) {
      const isFit = fits(this.#expressions[index] as readonly Wanted[], line);
      this.skip[index] = isFit ? 0 : 1;
      isPassed ||= isFit;
    }
    return isPassed;
  }
}

function fits(clauses: readonly Wanted[], line: Sight): boolean {
  for (const clause of clauses) if (!isMet(clause, line)) return false;
  return true;
}

function isMet({ literals, ignoreCase }: Wanted, line: Sight): boolean {
  if (ignoreCase && !line.isAscii) return true;
  for (const literal of literals) if (line.has(literal)) return true;
  return false;
}

/** Longer ones tell no more, and make the automaton larger. */
const LONGEST = 24;

/** Undefined if a piece is too short to tell anything. */
function piecesOf({ literals }: Clause, anchoring: 'line-begin' | 'anywhere'): readonly string[] | undefined {
  const pieces = literals.flatMap((literal) => (anchoring === 'line-begin' ? [inner(literal)] : halves(literal)));
  return pieces.every((piece) => piece.length > 1) ? pieces.map((piece) => piece.slice(0, LONGEST)) : undefined;
}

/** From the first letter or digit on: what stands before a date at the line's beginning has none. */
const inner = (literal: string): string => literal.replace(/^[^0-9A-Za-z_]+/, '');

/** The date may have stood inside either half, but not inside both. */
const halves = (literal: string): string[] => {
  const middle = literal.length >> 1;
  return [literal.slice(0, middle), literal.slice(middle)];
};
