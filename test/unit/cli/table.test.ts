import t from 'tap';
import { table } from '../../../src/cli/table.js';

t.test('columns are as wide as their widest text', async (t) => {
  t.same(
    table(
      [
        ['A', 'N', 'END'],
        ['long', '100', 'a'],
        ['b', '7', 'bc'],
      ],
      ['left', 'right'],
    ),
    ['A       N  END', 'long  100  a', 'b       7  bc'],
  );
  t.same(table([]), []);
});
