import t from 'tap';
import { loopsOf } from '../../../src/regex/components.js';

const loops = (follow: number[][]): number[][] =>
  loopsOf(follow)
    .map((loop) => loop.sort((a, b) => a - b))
    .sort((a, b) => (a[0] as number) - (b[0] as number));

t.test('the loops of a graph', async (t) => {
  t.same(loops([]), []);
  t.same(loops([[1], [2], []]), [], 'no way around');
  t.same(loops([[0]]), [[0]], 'a state that follows itself');
  t.same(loops([[1], [2], [0]]), [[0, 1, 2]]);
  t.same(loops([[1], [0, 2], [3], [2, 4], []]), [
    [0, 1],
    [2, 3],
  ]);
  t.same(loops([[1, 2], [0], [0, 3], [3]]), [[0, 1, 2], [3]]);
  t.same(loops([[2], [0], [1, 3], [2]]), [[0, 1, 2, 3]]);
});

t.test('long ways need no deep stack', async (t) => {
  const size = 100_000;
  t.equal(loops(Array.from({ length: size }, (_, node) => [(node + 1) % size]))[0]?.length, size);
});
