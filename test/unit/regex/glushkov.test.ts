import t from 'tap';
import { automatonOf } from '../../../src/regex/glushkov.js';
import { parse } from '../../../src/regex/parse.js';

const automaton = (pattern: string) => automatonOf(parse(pattern).root);

t.test('which state follows which, and in how many ways', async (t) => {
  const table: [string, first: number[], follow: number[][]][] = [
    ['abc', [0], [[1], [2], []]],
    ['a|b', [0, 1], [[], []]],
    ['a?b', [0, 1], [[1], []]],
    ['a*b', [0, 1], [[0, 1], []]],
    ['(?:ab)+', [0], [[1], [0]]],
    ['a{2,}', [0], [[1], [1]]],
    ['a{2,3}', [0], [[1], [2], []]],
    ['a{0,2}b', [1, 2], [[2], [0, 2], []]],
    ['(?:a*)*', [0], [[0, 0]]],
    ['(?:|)a', [0, 0], [[]]],
    ['a(?:|)b', [0], [[1, 1], []]],
    ['(?>a)(b)^(?=x)c', [0], [[1], [2], []]],
    ['(a)\\1b', [0], [[1, 2], [1, 2], []]],
    ['(a)(?(1)b|c)', [0], [[1, 2], [], []]],
  ];
  for (const [pattern, first, follow] of table) {
    const found = automaton(pattern);
    t.same([...(found?.first ?? [])].sort(), [...first].sort(), pattern);
    t.same(
      found?.follow
        .map((states) => [...states].sort())
        .map(String)
        .sort(),
      follow
        .map((states) => [...states].sort())
        .map(String)
        .sort(),
      pattern,
    );
  }
});

t.test('many times are as good as without a limit', async (t) => {
  t.equal(automaton('a{0,32}')?.masks.length, 32);
  t.same(automaton('a{0,33}')?.follow, [[0]]);
  t.equal(automaton('a{1000}')?.masks.length, 33);
});

t.test('there is a limit to its size', async (t) => {
  t.equal(automaton('(?:(?:a{30}){30}){30}'), undefined);
  t.equal(automaton(`(?:${'a?'.repeat(200)}){30}`), undefined);
});
