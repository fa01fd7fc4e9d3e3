import t from 'tap';
import { parse } from '../../../src/regex/parse.js';
import { widthOf } from '../../../src/regex/width.js';

t.test('how wide a match can be', async (t) => {
  const table: [string, least: number, most: number][] = [
    ['', 0, 0],
    ['abc', 3, 3],
    ['[ab]\\d\u{1f600}', 3, 3],
    ['a|bc|', 0, 2],
    ['a{2,5}b?', 2, 6],
    ['a*', 0, Number.POSITIVE_INFINITY],
    ['(?:)*', 0, 0],
    ['(?:abc){0}', 0, 0],
    ['(ab)(?>c)', 3, 3],
    ['(ab?)\\1', 2, 4],
    ['(a)?(?(1)bc|d)', 1, 3],
    ['^(?=abc)a\\b$', 1, 1],
  ];
  for (const [pattern, least, most] of table) {
    t.same(
      widthOf(parse(pattern).root, new Map([[1, pattern.startsWith('(ab?') ? [1, 2] : [1, 1]]])),
      [least, most],
      pattern,
    );
  }
});

t.test('of a group that it does not know a reference may hold anything', async (t) => {
  t.same(widthOf({ kind: 'reference', group: 1, fold: 'none' }, new Map()), [0, Number.POSITIVE_INFINITY]);
});
