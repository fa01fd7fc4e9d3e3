import { alternation, children, concatenation, EMPTY, NEVER, type Node, withChildren } from './ast.js';
import { groupsIn, surelySets } from './traits.js';

/** Whether a group has taken part by the time a place of the pattern is reached. */
type State = 'set' | 'maybe';

/** A group that is not in it is unset. */
type States = ReadonlyMap<number, State>;

/** Steps of one resolution: what is distributed is copied, and copies may be distributed again. */
const MOST_STEPS = 5000;

/** The conditionals of this pattern cannot be distributed. */
class Unresolvable extends Error {}

const asked = new WeakMap<Node, ReadonlySet<number>>();

/** The groups that conditionals and references in a node ask for. */
export function asksFor(node: Node): ReadonlySet<number> {
  const known = asked.get(node);
  if (known) return known;
  const found = new Set<number>(node.kind === 'conditional' || node.kind === 'reference' ? [node.group] : []);
  for (const child of children(node)) for (const group of asksFor(child)) found.add(group);
  asked.set(node, found);
  return found;
}

/**
 * The same pattern without conditionals, and without references to groups that may be unset (JavaScript takes those for the empty
 * text). The choice that decides is distributed over what follows, in the order of Python's backtracking: with `X` setting the group,
 * `(?:X)?y(?(1)a|b)` is `(?:Xya|yb)`. A group may occur several times then, in different branches.
 *
 * Undefined where that cannot be done: the choice is in a loop, a group or a look around that ends before the question.
 */
export function resolve(root: Node): Node | undefined {
  if (asksFor(root).size === 0) return root;
  try {
    return new Resolver().sequence([root], new Map());
  } catch (error) {
    if (error instanceof Unresolvable) return undefined;
    throw error;
  }
}

class Resolver {
  #steps = 0;

  /** Nodes that follow one another, up to the end of the pattern or of what limits them. */
  sequence(nodes: readonly Node[], before: States): Node {
    if (++this.#steps > MOST_STEPS) throw new Unresolvable();
    const done: Node[] = [];
    let states = before;
    for (const [index, node] of nodes.entries()) {
      const rest = nodes.slice(index + 1);
      const tail = this.#decisive(node, rest, states);
      if (tail) return concatenation([...done, tail]);
      done.push(this.#alone(node, states));
      states = after(node, states);
    }
    return concatenation(done);
  }

  /** The node with all that follows it, if what follows depends on the way that it takes; undefined if not. */
  #decisive(node: Node, rest: readonly Node[], states: States): Node | undefined {
    if (node.kind === 'conditional')
      return this.sequence([this.#answer(node.group, states) ? node.yes : node.no, ...rest], states);
    if (!decides(node, rest)) return undefined;
    if (node.kind === 'concatenation') return this.sequence([...node.parts, ...rest], states);
    const ways = waysOf(node);
    return ways && alternation(ways.map((way) => this.sequence([way, ...rest], states)));
  }

  /** The node on its own. */
  #alone(node: Node, states: States): Node {
    if (node.kind === 'reference') return this.#answer(node.group, states) ? node : NEVER;
    if (asksFor(node).size === 0) return node;
    const inside = node.kind === 'repetition' && node.most > 1 ? looped(node, states) : states;
    if (node.kind === 'concatenation') return this.sequence(node.parts, states);
    return withChildren(
      node,
      children(node).map((child) => this.sequence([child], inside)),
    );
  }

  #answer(group: number, states: States): boolean {
    const state = states.get(group);
    if (state === 'maybe') throw new Unresolvable();
    return state === 'set';
  }
}

/** Whether what follows asks for a group that the node sets on some ways only. */
function decides(node: Node, rest: readonly Node[]): boolean {
  const groups = groupsIn(node);
  if (groups.size === 0) return false;
  const sure = surelySets(node);
  return rest.some((other) => [...asksFor(other)].some((group) => groups.has(group) && !sure.has(group)));
}

/** The ways to take an alternation or an option, the preferred one first; of a group around one, each in a group of its own. */
function waysOf(node: Node): readonly Node[] | undefined {
  if (node.kind === 'alternation') return node.branches;
  if (node.kind === 'group') return waysOf(node.body)?.map((body) => ({ ...node, body }));
  if (node.kind !== 'repetition' || node.least !== 0 || node.most !== 1) return undefined;
  return node.isLazy ? [EMPTY, node.body] : [node.body, EMPTY];
}

function after(node: Node, before: States): States {
  const groups = groupsIn(node);
  if (groups.size === 0) return before;
  const sure = surelySets(node);
  const states = new Map(before);
  for (const group of groups) if (states.get(group) !== 'set') states.set(group, sure.has(group) ? 'set' : 'maybe');
  return states;
}

/** In a loop a group may still be set from the time before. */
function looped(node: Node, before: States): States {
  const states = new Map(before);
  for (const group of groupsIn(node)) states.set(group, 'maybe');
  return states;
}
