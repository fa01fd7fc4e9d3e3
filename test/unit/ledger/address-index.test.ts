import t from 'tap';
import { AddressIndex } from '../../../src/ledger/address-index.js';
import { Random } from '../../random.js';

t.test('a hash is of a part of a text, and of the seed', async (t) => {
  const index = new AddressIndex(1);
  t.equal(index.hash('7 10.0.0.1\n', 2, 10), index.hash('10.0.0.1'));
  t.not(index.hash('10.0.0.1'), index.hash('10.0.0.2'));
  t.not(index.hash('10.0.0.1'), new AddressIndex(2).hash('10.0.0.1'));
});

t.test('rows come and go, a hash may have several, and it grows and shrinks', async (t) => {
  const index = new AddressIndex(3);
  const random = new Random(5);
  const model = new Map<number, Set<number>>();
  for (let id = 1; id <= 30_000; id++) {
    const hash = random.below(4000) - 2000;
    const ids = model.get(hash) ?? new Set();
    model.set(hash, ids.add(id));
    index.add(hash, id);
    const [old] = model.get(random.below(4000) - 2000) ?? [];
    if (old === undefined || random.below(3) === 0) continue;
    for (const [other, rows] of model) {
      if (!rows.delete(old)) continue;
      index.remove(other, old);
      index.remove(other, old);
    }
  }
  t.equal(
    index.size,
    [...model.values()].reduce((sum, { size }) => sum + size, 0),
  );
  const wrong = [...model].filter(([hash, ids]) => {
    const found = index.find(hash);
    return index.has(hash) !== ids.size > 0 || found.length !== ids.size || !found.every((id) => ids.has(id));
  });
  t.same(wrong, []);
  for (const [hash, ids] of model) for (const id of ids) index.remove(hash, id);
  t.equal(index.size, 0);
});

t.test('what was done since the beginning is undone, also over a growth', async (t) => {
  const index = new AddressIndex(4);
  for (let id = 1; id <= 500; id++) index.add(id % 50, id);
  index.begin();
  for (let id = 501; id <= 5000; id++) index.add(id % 50, id);
  for (let id = 1; id <= 700; id++) index.remove(id % 50, id);
  index.rollback();
  t.equal(index.size, 500);
  for (let hash = 0; hash < 50; hash++) t.equal(index.find(hash).length, 10);
  index.begin();
  index.remove(1, 1);
  index.commit();
  index.rollback();
  t.equal(index.size, 499);
});
