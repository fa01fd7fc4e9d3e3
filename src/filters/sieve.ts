import type { Clause } from '../regex/requirement.js';
import type { Compiled, CompiledFilter } from './compiled.js';

/** A clause of a requirement, by numbers of literals: a line that matches contains one of them. */
export interface Wanted {
  readonly literals: readonly number[];
  /** Beyond ASCII, letters have partners that a scanner does not know: K is a kelvin sign too. */
  readonly ignoreCase: boolean;
}

/** What a line must contain for one failregex to match: one of the trigger's literals, and all others. */
export interface Gate {
  readonly regex: number;
  /** The most telling clause. */
  readonly trigger: Wanted;
  readonly others: readonly Wanted[];
}

/** What a gate asks of a line: the scanner's answers. */
export interface Sight {
  readonly isAscii: boolean;
  has(literal: number): boolean;
}

/** Whether what a date stands behind, in all lines, is at most two characters that are no letters or digits. */
export type Anchoring = 'line-begin' | 'anywhere';

/**
 * A gate for each failregex, from the literals that it, or prefregex, provably needs; undefined if one needs none, so that
 * every line has to be looked at.
 *
 * A date is cut out of a line before it is searched, and might leave a literal where there was none, out of one piece before
 * it and one behind. So literals are shortened first, such that at least one piece of them stands in the line as it was.
 *
 * Of expressions that span several lines only the trigger says anything: the others may be in another line.
 *
 * @param number gives a literal its number; told twice, the same.
 */
export function gatesOf(
  { prefregex, failregex }: CompiledFilter,
  anchoring: Anchoring,
  number: (literal: string) => number,
  isMultiline = false,
): readonly Gate[] | undefined {
  const prefix = prefregex ? clausesOf(prefregex, anchoring) : [];
  const gates = failregex.flatMap((compiled): Gate[] => {
    const clauses = [...clausesOf(compiled, anchoring), ...prefix].sort((a, b) => tellingness(b) - tellingness(a));
    const numbered = (clause: Clause): Wanted => ({ ...clause, literals: clause.literals.map(number) });
    const [first, ...others] = clauses;
    if (!first) return [];
    // Each literal costs time at every line that has it; where the trigger is long, the others tell little more.
    const isEnough = isMultiline || tellingness(first) >= TELLING;
    const kept = isEnough ? [] : others.slice(0, MOST_OTHERS);
    return [{ regex: compiled.index, trigger: numbered(first), others: kept.map(numbered) }];
  });
  return gates.length === failregex.length ? gates : undefined;
}

/** Whether a line that has the gate's trigger has the rest too. */
export function isOpen({ others }: Gate, line: Sight): boolean {
  for (const wanted of others) if (!isMet(wanted, line)) return false;
  return true;
}

function isMet({ literals, ignoreCase }: Wanted, line: Sight): boolean {
  if (ignoreCase && !line.isAscii) return true;
  for (const literal of literals) if (line.has(literal)) return true;
  return false;
}

const tellingness = ({ literals }: Clause): number => Math.min(...literals.map(({ length }) => length));

/** A trigger of so many characters needs no others, and no trigger needs more of them. */
const TELLING = 8;
const MOST_OTHERS = 2;

/** Longer ones tell no more, and make the automaton larger. */
const LONGEST = 24;

function clausesOf({ pattern }: Compiled, anchoring: Anchoring): Clause[] {
  return pattern.requirement.flatMap(({ literals, ignoreCase }) => {
    const pieces = literals.flatMap((literal) => (anchoring === 'line-begin' ? [inner(literal)] : halves(literal)));
    // A piece of one character is in nearly every line.
    if (pieces.some(({ length }) => length < 2)) return [];
    return [{ literals: pieces.map((piece) => piece.slice(0, LONGEST)), ignoreCase }];
  });
}

/** From the first letter or digit on: what stands before a date at the line's beginning has none. */
const inner = (literal: string): string => literal.replace(/^[^0-9A-Za-z_]+/, '');

/** The date may have stood inside either half, but not inside both. */
const halves = (literal: string): string[] => {
  const middle = literal.length >> 1;
  return [literal.slice(0, middle), literal.slice(middle)];
};
