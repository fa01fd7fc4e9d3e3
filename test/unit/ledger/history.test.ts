import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { byJail, History } from '../../../src/ledger/history.js';
import { migrate } from '../../../src/ledger/schema.js';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

const past = (address: string, last = NOW, jail = 'a', bans = 1) => ({ address, jail, bans, first: last, last });

/** A history with rows of the given times, `last` each, of an earlier run. */
function history(t: Test, lasts: readonly number[], capacity = 1000) {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const put = database.prepare('INSERT INTO history (address, jail, bans, first, last) VALUES (?, ?, 1, 0, ?)');
  for (const [index, last] of lasts.entries()) put.run(`10.0.0.${index >> 1}`, index & 1 ? 'a' : 'b', last);
  const left = () => database.prepare('SELECT last FROM history ORDER BY last').pluck().all();
  return { database, it: new History(database, { clock: () => NOW, retention: 10 * HOUR, capacity }), left };
}

t.test('rows that are too old go, a few at a time', async (t) => {
  const end = NOW - 10 * HOUR;
  const { it, left } = history(t, [NOW, end, end - 1, end - 5, end - 9], 100);
  t.equal(it.prune(2), true);
  t.equal(it.prune(2), true);
  t.equal(it.prune(2), false);
  t.same(left(), [end, NOW]);
  t.equal(it.prune(2), true, 'and from the beginning');
});

t.test('of too many those go that were written first', async (t) => {
  const lasts = Array.from({ length: 50 }, (_, index) => NOW + index);
  for (const capacity of [50, 49, 31, 30, 1]) {
    const { it, left } = history(t, lasts, capacity);
    while (it.prune(7));
    t.same(left(), lasts.slice(50 - capacity));
  }
});

t.test('what was written by others is found before it is learned, and counts once', async (t) => {
  const { it } = history(t, [NOW, NOW, NOW, NOW]);
  const all = () => [0, 1].map((index) => it.of(`10.0.0.${index}`).length);
  t.same(all(), [2, 2]);
  it.add(past('10.0.0.0', NOW + 5));
  t.same(all(), [3, 2], 'a row of its own while others are not known');
  t.equal(it.learn(3), true);
  t.same(all(), [3, 2]);
  t.equal(it.learn(3), false);
  t.equal(it.learn(3), false);
  t.same(all(), [3, 2]);
  it.add(past('10.0.0.1', NOW + 7));
  t.same(all(), [3, 2], 'one row of a jail from now on');
  t.match(byJail(it.of('10.0.0.1')), [
    { jail: 'a', bans: 2, first: 0, last: NOW + 7 },
    { jail: 'b', bans: 1 },
  ]);
  t.match(byJail(it.of('10.0.0.0')), [
    { jail: 'a', bans: 2 },
    { jail: 'b', bans: 1 },
  ]);
  t.same(it.of('10.0.0.9'), []);
});

t.test('what was done since the beginning is undone', async (t) => {
  const { it, database } = history(t, []);
  it.begin();
  it.add(past('10.0.0.1'));
  it.commit();
  it.begin();
  database.exec('BEGIN');
  it.add(past('10.0.0.2'));
  database.exec('ROLLBACK');
  it.rollback();
  t.same(it.of('10.0.0.2'), []);
  t.match(it.of('10.0.0.1'), [{ bans: 1 }]);
  it.add(past('10.0.0.1'));
  t.match(it.of('10.0.0.1'), [{ bans: 2 }]);
});

t.test('what may be known without a look at rows', async (t) => {
  const { it } = history(t, [NOW, NOW, NOW]);
  t.equal(it.isLearned, false);
  t.equal(it.mayKnow('10.0.0.0'), false);
  while (it.learn(1));
  t.equal(it.isLearned, true);
  t.same([it.mayKnow('10.0.0.0'), it.isShared('10.0.0.0')], [true, true]);
  t.same([it.mayKnow('10.0.0.1'), it.isShared('10.0.0.1')], [true, false]);
  t.same([it.mayKnow('10.0.0.2'), it.isShared('10.0.0.2')], [false, false]);
});
