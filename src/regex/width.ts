import type { Node } from './ast.js';

/** Least and greatest number of characters (code points) that a node matches, as Python counts them for a look behind. */
export type Width = readonly [least: number, most: number];

/** @param groups widths of the groups that a reference may name. */
export function widthOf(node: Node, groups: ReadonlyMap<number, Width>): Width {
  switch (node.kind) {
    case 'character':
      return [1, 1];
    case 'concatenation':
      return node.parts.map((part) => widthOf(part, groups)).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    case 'alternation':
      return either(node.branches.map((branch) => widthOf(branch, groups)));
    case 'conditional':
      return either([widthOf(node.yes, groups), widthOf(node.no, groups)]);
    case 'repetition':
      return repeated(widthOf(node.body, groups), node.least, node.most);
    case 'group':
    case 'atomic':
      return widthOf(node.body, groups);
    case 'reference':
      return groups.get(node.group) ?? [0, Number.POSITIVE_INFINITY];
    default:
      return [0, 0];
  }
}

function either(widths: readonly Width[]): Width {
  return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
}

function repeated([least, most]: Width, from: number, to: number): Width {
  // Nothing, however often, is nothing; in numbers 0 times Infinity is none.
  return [least * from, most === 0 || to === 0 ? 0 : most * to];
}
