import t from 'tap';
import { Failures } from '../../../src/jails/failures.js';

/** What each addition answers. */
function added(maxretry: number, findtime: number, times: number[]): (number | undefined)[] {
  const failures = new Failures(maxretry, findtime);
  return times.map((time) => failures.add('a', time));
}

t.test('a sliding window', async (t) => {
  t.same(added(1, 10, [5, 6]), [0, 0]);
  t.same(added(3, 10, [0, 5, 10]), [undefined, undefined, 10]);
  t.same(added(3, 10, [0, 5, 11, 15]), [undefined, undefined, undefined, 10]);
  t.same(added(3, 10, [0, 9, 18, 27, 36]), Array(5).fill(undefined), 'never three within ten');
  t.same(added(3, 10, [1, 1, 1, 1, 1, 1]), [undefined, undefined, 0, undefined, undefined, 0], 'a ban forgets');
});

t.test('failures that come out of order', async (t) => {
  t.same(added(3, 10, [10, 0, 5]), [undefined, undefined, 10]);
  t.same(added(3, 10, [100, 105, 0, 106]), [undefined, undefined, undefined, 6], 'an old one is not the last');
  t.same(added(3, 10, [100, 0, 1, 2]), [undefined, undefined, undefined, undefined], 'nor are old ones enough');
});

t.test('addresses are counted apart', async (t) => {
  const failures = new Failures(2, 10);
  t.equal(failures.add('a', 0), undefined);
  t.equal(failures.add('b', 1), undefined);
  t.equal(failures.add('a', 2), 2);
  t.equal(failures.size, 1);
});

t.test('stale addresses are forgotten', async (t) => {
  const failures = new Failures(9, 10);
  for (let i = 0; i < 100; i++) failures.add(`old ${i}`, 0);
  t.equal(failures.size, 100);
  for (let i = 0; i < 100; i++) failures.add(`new ${i}`, 20);
  t.equal(failures.size, 100);
  t.equal(failures.evicted, 0);
});

t.test('for want of room the one that failed least recently goes', async (t) => {
  const failures = new Failures(2, 10, 3);
  for (const key of ['a', 'b', 'c']) failures.add(key, 0);
  failures.add('a', 20);
  t.equal(failures.size, 1, 'b and c were stale');
  for (const key of ['b', 'c', 'd']) failures.add(key, 21);
  t.equal(failures.size, 3);
  t.equal(failures.evicted, 1);
  t.equal(failures.add('a', 22), undefined, 'was forgotten');
  t.equal(failures.add('d', 22), 1);
});

t.test('all that is remembered makes another one that goes on in the same way', async (t) => {
  const one = new Failures(3, 100);
  for (const [key, time] of [
    ['a', 1],
    ['b', 30],
    ['a', 50],
    ['c', 60],
    ['c', 60],
    ['c', 61],
    ['d', 150],
    ['a', 145],
  ] as const) {
    one.add(key, time);
  }
  t.same(one.all, ['d', 150, 'a', 50, 'a', 145], 'c is used up, b is too old');
  const other = new Failures(3, 100);
  for (let at = 0; at < one.all.length; at += 2) other.add(one.all[at] as string, one.all[at + 1] as number);
  t.same(other.all, one.all);
  t.equal(other.add('a', 150), 100);
});

t.test('what another one remembers is taken over, and one failure too few of what is enough', async (t) => {
  const before = new Failures(5, 600);
  for (const time of [1, 2, 3, 4]) before.add('a', time);
  before.add('b', 5);
  const after = new Failures(3, 600);
  after.inherit(before.all);
  t.same(after.all, ['a', 3, 'a', 4, 'b', 5]);
  t.equal(after.add('b', 6), undefined);
  t.equal(after.add('a', 6), 3);
  const strict = new Failures(1, 600);
  strict.inherit(before.all);
  t.same(strict.all, []);
});
