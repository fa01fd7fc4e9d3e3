import type { CharSet, Fold } from './charset.js';

/** A regular expression as Python's parser understands it, with every flag resolved: no node depends on what stands around it. */
export type Node =
  | Character
  | Concatenation
  | Alternation
  | Repetition
  | Group
  | Atomic
  | Look
  | Anchor
  | Reference
  | Conditional;

/** One character of the text, out of a set. */
export interface Character {
  readonly kind: 'character';
  readonly set: CharSet;
}

/** One behind the other; without parts the empty text. */
export interface Concatenation {
  readonly kind: 'concatenation';
  readonly parts: readonly Node[];
}

/** The first branch that leads to a match; without branches nothing matches. */
export interface Alternation {
  readonly kind: 'alternation';
  readonly branches: readonly Node[];
}

export interface Repetition {
  readonly kind: 'repetition';
  readonly body: Node;
  readonly least: number;
  /** Infinity for no limit. */
  readonly most: number;
  readonly isLazy: boolean;
}

/** A capture group, by its number from 1. After distribution over branches several may have one number. */
export interface Group {
  readonly kind: 'group';
  readonly number: number;
  readonly body: Node;
}

/** Of all the ways to match only the first: `(?>...)`; `x*+` is an atomic repetition of the atomic x. */
export interface Atomic {
  readonly kind: 'atomic';
  readonly body: Node;
}

export interface Look {
  readonly kind: 'look';
  readonly isAhead: boolean;
  readonly isNegative: boolean;
  /** Characters (code points) that a look behind goes back; 0 for a look ahead. */
  readonly width: number;
  readonly body: Node;
}

/** `final-end` is Python's `$`: the end, or before a newline that ends the text. */
export type Place =
  | 'start'
  | 'line-start'
  | 'end'
  | 'final-end'
  | 'line-end'
  | 'boundary'
  | 'no-boundary'
  | 'ascii-boundary'
  | 'ascii-no-boundary';

export interface Anchor {
  readonly kind: 'anchor';
  readonly place: Place;
}

/** What a group matched, again; fails while the group is unset. */
export interface Reference {
  readonly kind: 'reference';
  readonly group: number;
  readonly fold: Fold;
}

/** `(?(group)yes|no)`. */
export interface Conditional {
  readonly kind: 'conditional';
  readonly group: number;
  readonly yes: Node;
  readonly no: Node;
}

/** A whole pattern. */
export interface Expression {
  readonly root: Node;
  readonly groupCount: number;
  /** Numbers of the named groups, in the order of their opening parentheses. */
  readonly names: ReadonlyMap<string, number>;
}

export const EMPTY: Concatenation = { kind: 'concatenation', parts: [] };

export const NEVER: Alternation = { kind: 'alternation', branches: [] };

export function concatenation(parts: readonly Node[]): Node {
  const flat = parts.flatMap((part) => (part.kind === 'concatenation' ? part.parts : [part]));
  return flat.length === 1 ? (flat[0] as Node) : { kind: 'concatenation', parts: flat };
}

export function alternation(branches: readonly Node[]): Node {
  return branches.length === 1 ? (branches[0] as Node) : { kind: 'alternation', branches };
}

export function repetition(body: Node, least: number, most: number, isLazy = false): Repetition {
  return { kind: 'repetition', body, least, most, isLazy };
}

/** The nodes right below a node, in the order of the pattern. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'concatenation':
      return node.parts;
    case 'alternation':
      return node.branches;
    case 'conditional':
      return [node.yes, node.no];
    case 'character':
    case 'anchor':
    case 'reference':
      return [];
    default:
      return [node.body];
  }
}

/** The same node with other nodes below. */
export function withChildren(node: Node, nodes: readonly Node[]): Node {
  switch (node.kind) {
    case 'concatenation':
      return concatenation(nodes);
    case 'alternation':
      return { ...node, branches: nodes };
    case 'conditional':
      return { ...node, yes: nodes[0] as Node, no: nodes[1] as Node };
    case 'character':
    case 'anchor':
    case 'reference':
      return node;
    default:
      return { ...node, body: nodes[0] as Node };
  }
}
