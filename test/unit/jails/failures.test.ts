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
  failures.add('newest', 31);
  t.equal(failures.size, 100);
  t.equal(failures.evicted, 0);
});

t.test(
  'a flood of addresses that fail once pushes out none that fails again, and costs others one failure at most',
  async (t) => {
    const capacity = 20_000;
    const failures = new Failures(5, 1e9, capacity, () => 0.5);
    let flooded = 0;
    const flood = (count: number): void => {
      for (let i = 0; i < count; i++) failures.add(`2001:db8::${(flooded++).toString(16)}`, flooded);
    };
    failures.add('known', 0);
    failures.add('known', 0);
    failures.add('new', 0);
    const tries: string[] = [];
    for (let round = 0; round < 5; round++) {
      flood(200_000);
      for (const key of ['known', 'new']) if (failures.add(key, flooded) !== undefined) tries.push(`${key} ${round}`);
      t.ok(failures.size <= capacity, `${failures.size}`);
    }
    t.same(tries, ['known 2', 'new 4'], 'the fifth failure, and the sixth, of a million and ten');
    t.ok(failures.evicted > 900_000);
  },
);

t.test('of those that failed again the ones that did least recently go', async (t) => {
  const failures = new Failures(3, 1e9, 40);
  for (let i = 0; i < 50; i++) {
    failures.add(`${i}`, i);
    failures.add(`${i}`, i);
    failures.add('here', i);
    if (i > 0 && i % 2 === 1) failures.add('here', i);
    t.ok(failures.size <= 42);
  }
  t.ok(failures.evicted > 0);
  t.equal(failures.add('49', 60), 11);
  t.equal(failures.add('0', 60), undefined);
});

t.test('what is written down is bounded, and has those first that failed again', async (t) => {
  const failures = new Failures(3, 100, 1000);
  for (let i = 0; i < 50; i++) failures.add(`once ${i}`, i);
  failures.add('again', 1);
  failures.add('again', 2);
  t.same(failures.all(2).slice(0, 4), ['again', 1, 'again', 2]);
  t.equal(failures.all(2).length, 6);
  t.equal(failures.all(0).length, 0);
});

t.test('many failures of one address', async (t) => {
  const failures = new Failures(100, 1000);
  for (let i = 0; i < 200; i++) t.equal(failures.add('a', i * 11), undefined);
  for (let i = 0; i < 5; i++) t.equal(failures.add('a', 2190 + i), undefined);
  t.equal(failures.all().length, 2 * 99);
  t.equal(failures.all()[1], 1166);
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
  t.same(one.all(), ['a', 50, 'a', 145, 'd', 150], 'c is used up, b is too old');
  const other = new Failures(3, 100);
  for (let at = 0; at < one.all().length; at += 2) other.add(one.all()[at] as string, one.all()[at + 1] as number);
  t.same(other.all(), one.all());
  t.equal(other.add('a', 150), 100);
});

t.test('what another one remembers is taken over, and one failure too few of what is enough', async (t) => {
  const before = new Failures(5, 600);
  for (const time of [1, 2, 3, 4]) before.add('a', time);
  before.add('b', 5);
  const after = new Failures(3, 600);
  after.inherit(before.all());
  t.same(after.all(), ['a', 3, 'a', 4, 'b', 5]);
  t.equal(after.add('b', 6), undefined);
  t.equal(after.add('a', 6), 3);
  const strict = new Failures(1, 600);
  strict.inherit(before.all());
  t.same(strict.all(), []);
});

t.test('what is taken is forgotten', async (t) => {
  const failures = new Failures(4, 100);
  for (const time of [0, 50, 90]) failures.add('a', time);
  failures.add('b', 60);
  t.same(failures.take('a', 130), [50, 90, 130], 'what is within findtime');
  t.same(failures.take('a', 131), [131]);
  t.same(failures.take('b', 40), [40, 60], 'a line that comes late');
  t.equal(failures.size, 0);
});
