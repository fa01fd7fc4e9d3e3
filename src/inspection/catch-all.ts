import type { Expression, Node } from '../regex/ast.js';
import { asciiTable } from '../regex/charset.js';
import { parse } from '../regex/parse.js';

/** How far a way through an expression has come. `wide` means: behind something that takes any text, of any length. */
type Phase =
  | 'before'
  | 'before-wide'
  /** Behind who is blamed, and nothing wide stood before. */
  | 'safe'
  /** Behind who is blamed, and something wide stood before. */
  | 'blamed'
  /** The same, and any text may follow. */
  | 'blamed-wide'
  /** The end of the line came right behind. */
  | 'closed';

type Phases = ReadonlySet<Phase>;

const BLAMED = ['fid', 'ip4', 'ip6', 'dns'];

/**
 * Whether a line's writer may choose whom the expression blames: somewhere before the address it takes any text (`.*`), and
 * behind the address it does not hold on to the end of the line. A user's name such as `x from 192.0.2.1` then stands for the
 * address. A rule of thumb: text in between may still tie the expression down, and only its author knows who writes what.
 *
 * @param python in Python's dialect, tags expanded.
 */
export function letsOthersBeBlamed(python: string, multiline: boolean): boolean {
  const expression = parse(python, { multiline, ignoreCase: false });
  const phases = walk(expression.root, new Set(['before']), blamedGroups(expression));
  return phases.has('blamed') || phases.has('blamed-wide');
}

const blamedGroups = ({ names }: Expression): ReadonlySet<number> =>
  new Set(BLAMED.flatMap((name) => names.get(name) ?? []));

/** The phases behind a node, of all ways through it. */
function walk(node: Node, phases: Phases, groups: ReadonlySet<number>): Phases {
  switch (node.kind) {
    case 'concatenation':
      return node.parts.reduce<Phases>((before, part) => walk(part, before, groups), phases);
    case 'alternation':
      return union(node.branches.map((branch) => walk(branch, phases, groups)));
    case 'conditional':
      return union([walk(node.yes, phases, groups), walk(node.no, phases, groups)]);
    case 'repetition':
      if (isWide(node)) return changed(phases, { before: 'before-wide', blamed: 'blamed-wide' });
      return union([walk(node.body, phases, groups), ...(node.least === 0 ? [phases] : [])]);
    case 'group':
      if (!groups.has(node.number)) return walk(node.body, phases, groups);
      return changed(walk(node.body, phases, groups), { before: 'safe', 'before-wide': 'blamed' });
    case 'atomic':
      return walk(node.body, phases, groups);
    case 'anchor':
      return ['end', 'final-end', 'line-end'].includes(node.place) ? changed(phases, { blamed: 'closed' }) : phases;
    default:
      return phases;
  }
}

const union = (all: readonly Phases[]): Phases => new Set(all.flatMap((phases) => [...phases]));

const changed = (phases: Phases, changes: Partial<Record<Phase, Phase>>): Phases =>
  new Set([...phases].map((phase) => changes[phase] ?? phase));

/** Any number of any printable characters. What stops at a quote or a blank is bounded by it. */
function isWide({ body, most }: Node & { readonly kind: 'repetition' }): boolean {
  if (most !== Number.POSITIVE_INFINITY || body.kind !== 'character') return false;
  return asciiTable(body.set)
    .subarray(0x20, 0x7f)
    .every((isIn) => isIn === 1);
}
