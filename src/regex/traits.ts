import { children, type Node, type Place } from './ast.js';

const memoized = <T>(compute: (node: Node) => T): ((node: Node) => T) => {
  const known = new WeakMap<Node, { value: T }>();
  return (node) => {
    const found = known.get(node);
    if (found) return found.value;
    const value = compute(node);
    known.set(node, { value });
    return value;
  };
};

/** The numbers of all groups in a node. */
export const groupsIn = memoized((node: Node): ReadonlySet<number> => {
  const found = new Set(node.kind === 'group' ? [node.number] : []);
  for (const child of children(node)) for (const number of groupsIn(child)) found.add(number);
  return found;
});

/** Whether a node or one below it is of one of some kinds. */
export function contains(node: Node, ...kinds: readonly Node['kind'][]): boolean {
  return kinds.includes(node.kind) || children(node).some((child) => contains(child, ...kinds));
}

/** The groups that are set whenever a node has matched, whichever way it took. */
export const surelySets = memoized((node: Node): ReadonlySet<number> => {
  switch (node.kind) {
    case 'group':
      return new Set([node.number, ...surelySets(node.body)]);
    case 'concatenation':
      return new Set(node.parts.flatMap((part) => [...surelySets(part)]));
    case 'alternation':
      return common(node.branches);
    case 'conditional':
      return common([node.yes, node.no]);
    case 'repetition':
      return node.least > 0 ? surelySets(node.body) : new Set();
    case 'look':
      return node.isNegative ? new Set() : surelySets(node.body);
    case 'atomic':
      return surelySets(node.body);
    default:
      return new Set();
  }
});

function common(branches: readonly Node[]): ReadonlySet<number> {
  const [first, ...others] = branches.map(surelySets);
  return new Set([...(first ?? [])].filter((number) => others.every((other) => other.has(number))));
}

/** Whether a node can match the empty text. */
export const isNullable = memoized((node: Node): boolean => {
  switch (node.kind) {
    case 'character':
      return false;
    case 'concatenation':
      return node.parts.every(isNullable);
    case 'alternation':
      return node.branches.some(isNullable);
    case 'conditional':
      return isNullable(node.yes) || isNullable(node.no);
    case 'repetition':
      return node.least === 0 || isNullable(node.body);
    case 'group':
    case 'atomic':
      return isNullable(node.body);
    default:
      return true;
  }
});

/** How many nodes a node is made of. */
export const sizeOf = memoized((node: Node): number =>
  children(node).reduce((total, child) => total + sizeOf(child), 1),
);

/** Whether every way into a node goes through the start of the text, or of a line of it. */
export function isAnchored(node: Node, ...places: readonly Place[]): boolean {
  switch (node.kind) {
    case 'anchor':
      return places.includes(node.place);
    case 'concatenation':
      return node.parts[0] !== undefined && isAnchored(node.parts[0], ...places);
    case 'alternation':
      return node.branches.every((branch) => isAnchored(branch, ...places));
    case 'group':
    case 'atomic':
      return isAnchored(node.body, ...places);
    default:
      return false;
  }
}
