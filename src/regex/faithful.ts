import { alternation, children, EMPTY, type Node, type Repetition, repetition, withChildren } from './ast.js';
import { charSet } from './charset.js';
import { contains, groupsIn, isNullable, surelySets } from './traits.js';

/**
 * Whether JavaScript, given the same tree, finds what Python finds: the same span and the same captures. It does not where
 * - a loop keeps what a group captured in an earlier time around (JavaScript forgets it at the start of each),
 * - a loop may go around without moving, and prefers that to moving on (JavaScript goes back and tries the next way, Python leaves),
 * - a reference ignores case, or stands in a look behind (which JavaScript reads backwards).
 *
 * @param root without conditionals.
 */
export function isFaithful(root: Node, wanted: ReadonlySet<number>): boolean {
  switch (root.kind) {
    case 'conditional':
      return false;
    case 'reference':
      return root.fold === 'none';
    case 'look':
      return (root.isAhead || !contains(root.body, 'reference')) && isFaithful(root.body, wanted);
    case 'repetition':
      return isFaithfulLoop(root, wanted) && isFaithful(root.body, wanted);
    default:
      return children(root).every((child) => isFaithful(child, wanted));
  }
}

function isFaithfulLoop({ body, most }: Repetition, wanted: ReadonlySet<number>): boolean {
  if (most <= 1) return true;
  const groups = [...groupsIn(body)].filter((group) => wanted.has(group));
  if (isNullable(body)) return groups.length === 0 && isEmptyLast(body);
  return groups.every((group) => surelySets(body).has(group));
}

/** Whether a node matches the empty text, if at all, only when nothing else leads to a match. */
function isEmptyLast(node: Node): boolean {
  if (!isNullable(node)) return true;
  switch (node.kind) {
    case 'concatenation':
      return node.parts.every(isEmptyLast);
    case 'alternation':
      return node.branches.every((branch, index) =>
        index < node.branches.length - 1 ? !isNullable(branch) : isEmptyLast(branch),
      );
    case 'repetition':
      return !node.isLazy && isEmptyLast(node.body);
    case 'group':
      return isEmptyLast(node.body);
    case 'conditional':
      return false;
    default:
      return true;
  }
}

const ANYTHING: Node = repetition({ kind: 'character', set: charSet([], true) }, 0, Number.POSITIVE_INFINITY);

/** A pattern that JavaScript can follow, and that matches wherever the given one does, and perhaps elsewhere. It captures nothing. */
export function loosen(node: Node): Node {
  switch (node.kind) {
    case 'conditional':
      return alternation([loosen(node.yes), loosen(node.no)]);
    case 'reference':
      return ANYTHING;
    case 'group':
    case 'atomic':
      return loosen(node.body);
    case 'look':
      return node.isNegative ? EMPTY : { ...node, body: loosen(node.body) };
    default:
      return withChildren(node, children(node).map(loosen));
  }
}
