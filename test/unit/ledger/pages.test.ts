import t from 'tap';
import { pages } from '../../../src/ledger/pages.js';

/** A table of numbers, and the keys that it was asked for. */
function table(rows: number[], size: number) {
  const asked: number[] = [];
  const select = (behind: number): number[] => {
    asked.push(behind);
    return rows.filter((row) => row > behind).slice(0, size);
  };
  return { asked, walk: pages(0, size, select, (row) => row) };
}

t.test('each page begins behind the last row of the one before', async (t) => {
  const { asked, walk } = table([1, 2, 3, 5, 8], 2);
  t.same([...walk], [[1, 2], [3, 5], [8]]);
  t.same(asked, [0, 2, 5]);
});

t.test('a last page that is full costs one look more, and yields nothing empty', async (t) => {
  const { asked, walk } = table([1, 2, 3, 4], 2);
  t.same(
    [...walk],
    [
      [1, 2],
      [3, 4],
    ],
  );
  t.same(asked, [0, 2, 4]);
});

t.test('an empty table has no page', async (t) => {
  t.same([...table([], 2).walk], []);
});

t.test('who stops reading causes no more queries', async (t) => {
  const { asked, walk } = table([1, 2, 3, 4], 1);
  for (const _ of walk) break;
  t.same(asked, [0]);
});

t.test('rows that come and go meanwhile', async (t) => {
  const rows = [10, 20, 30, 40];
  const { walk } = table(rows, 2);
  t.same(walk.next().value, [10, 20]);
  rows.splice(0, 4, 5, 20, 25, 40);
  t.same([...walk], [[25, 40]]);
});
