import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { History } from '../../../src/ledger/history.js';
import { migrate } from '../../../src/ledger/schema.js';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

/** A history with rows of the given times, `last` each. */
function history(t: Test, lasts: readonly number[], capacity: number) {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const put = database.prepare('INSERT INTO history VALUES (?, ?, 1, 0, ?)');
  for (const [index, last] of lasts.entries()) put.run(`10.0.0.${index >> 1}`, index & 1 ? 'a' : 'b', last);
  const left = () => database.prepare('SELECT last FROM history ORDER BY last').pluck().all();
  return { it: new History(database, { clock: () => NOW, retention: 10 * HOUR, capacity }), left };
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

t.test('of too many the oldest go', async (t) => {
  const lasts = Array.from({ length: 50 }, (_, index) => NOW - ((index * 7) % 50) * (HOUR / 10));
  for (const capacity of [50, 49, 31, 30, 1]) {
    const { it, left } = history(t, lasts, capacity);
    while (it.prune(7));
    t.equal(left().length, capacity);
    const oldest = Math.min(...(left() as number[]));
    t.ok(oldest > NOW - capacity * (HOUR / 10) - HOUR, 'to the hour');
  }
});

t.test('of too many that came in one hour so many go as there are too many', async (t) => {
  const { it, left } = history(t, [...new Array(20).fill(NOW), NOW - HOUR, NOW - 2 * HOUR], 15);
  while (it.prune(4));
  t.same(left(), new Array(15).fill(NOW));
  t.equal(it.prune(100), false, 'the next walk finds nothing to do');
  t.equal(left().length, 15);
});
