import t from 'tap';
import { Generations } from '../../../src/jails/generations.js';

t.test('what is not renewed goes with the second turn', async (t) => {
  const map = new Generations<number>();
  map.set('a', 1);
  map.set('b', 2);
  t.equal(map.young, 2);
  t.equal(map.turn().size, 0);
  map.set('a', 3);
  t.same([map.size, map.young, map.get('a'), map.get('b')], [2, 1, 3, 2]);
  t.same(
    [...map.entries()],
    [
      ['a', 3],
      ['b', 2],
    ],
  );
  t.same([...map.turn()], [['b', 2]]);
  map.delete('a');
  map.delete('x');
  t.equal(map.size, 0);
});
