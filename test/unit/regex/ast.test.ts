import t from 'tap';
import {
  alternation,
  children,
  concatenation,
  EMPTY,
  NEVER,
  type Node,
  repetition,
  withChildren,
} from '../../../src/regex/ast.js';
import { single } from '../../../src/regex/charset.js';

const a: Node = { kind: 'character', set: single(0x61, 'none') };
const b: Node = { kind: 'character', set: single(0x62, 'none') };

t.test('what lies in a row is one row', async (t) => {
  t.same(concatenation([a, concatenation([b, a]), EMPTY]), { kind: 'concatenation', parts: [a, b, a] });
  t.equal(concatenation([a]), a);
  t.same(concatenation([]), EMPTY);
});

t.test('one branch is no choice, and no branch never matches', async (t) => {
  t.equal(alternation([a]), a);
  t.same(alternation([]), NEVER);
});

t.test('every node tells what is below, and takes other nodes instead', async (t) => {
  const table: [Node, number][] = [
    [a, 0],
    [{ kind: 'anchor', place: 'start' }, 0],
    [{ kind: 'reference', group: 1, fold: 'none' }, 0],
    [concatenation([a, b]), 2],
    [alternation([a, b]), 2],
    [{ kind: 'conditional', group: 1, yes: a, no: b }, 2],
    [repetition(a, 0, 1), 1],
    [{ kind: 'group', number: 1, body: a }, 1],
    [{ kind: 'atomic', body: a }, 1],
    [{ kind: 'look', isAhead: true, isNegative: false, width: 0, body: a }, 1],
  ];
  for (const [node, count] of table) {
    const below = children(node);
    t.equal(below.length, count, node.kind);
    t.same(withChildren(node, below), node);
    const others = below.map(() => b);
    t.same(children(withChildren(node, others)), others);
  }
});
