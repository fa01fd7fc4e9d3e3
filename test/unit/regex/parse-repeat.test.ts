import t from 'tap';
import { EMPTY, type Node, repetition } from '../../../src/regex/ast.js';
import { single } from '../../../src/regex/charset.js';
import { Cursor } from '../../../src/regex/cursor.js';
import { parseCounts, repeated } from '../../../src/regex/parse-repeat.js';

const counts = (text: string) => {
  const cursor = new Cursor(text);
  return [parseCounts(cursor, cursor.get() as string), cursor.offset];
};

t.test('how often', async (t) => {
  const table: [string, number, number][] = [
    ['?', 0, 1],
    ['*', 0, Number.POSITIVE_INFINITY],
    ['+', 1, Number.POSITIVE_INFINITY],
    ['{3}', 3, 3],
    ['{3,}', 3, Number.POSITIVE_INFINITY],
    ['{,3}', 0, 3],
    ['{2,3}', 2, 3],
    ['{,}', 0, Number.POSITIVE_INFINITY],
  ];
  for (const [text, least, most] of table) t.same(counts(text), [[least, most], text.length], text);
});

t.test('a brace that says no count is a brace', async (t) => {
  for (const text of ['{}', '{', '{a}', '{1', '{1,2', '{1 }', '{,a}']) t.same(counts(text), [undefined, 1], text);
});

t.test('what is refused', async (t) => {
  t.throws(() => counts('{3,2}'), { message: /above the upper/ });
  t.throws(() => counts('{4294967295}'), { message: /too high/ });
  t.throws(() => counts('{1,4294967295}'), { message: /too high/ });
});

t.test('greedy, lazy, possessive', async (t) => {
  const a: Node = { kind: 'character', set: single(0x61, 'none') };
  t.same(repeated(new Cursor(''), a, [0, 1]), repetition(a, 0, 1));
  t.same(repeated(new Cursor('?'), a, [0, 1]), repetition(a, 0, 1, true));
  t.same(repeated(new Cursor('+'), a, [0, 1]), { kind: 'atomic', body: repetition(a, 0, 1) });
  t.same(repeated(new Cursor('+'), EMPTY, [0, 1]), {
    kind: 'atomic',
    body: repetition({ kind: 'atomic', body: EMPTY }, 0, 1),
  });
});
