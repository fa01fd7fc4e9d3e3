import t from 'tap';
import { JailSums } from '../../../src/offenders/jail-sums.js';

const of = (jail: string, bans: number) => ({ jail, bans, first: 0, last: 0 });

t.test('offenders and bans of each jail, the most bans first', async (t) => {
  const sums = new JailSums();
  for (const one of [of('b', 2), of('a', 1), of('b', 3), of('c', 1)]) sums.add(one);
  t.same(sums.largest(2), [
    { jail: 'b', offenders: 2, bans: 5 },
    { jail: 'a', offenders: 1, bans: 1 },
  ]);
});

t.test('names are bounded', async (t) => {
  const sums = new JailSums();
  for (let index = 0; index < 10_500; index++) sums.add(of(`jail${index}`, 1));
  sums.add(of('jail3', 5));
  t.equal(sums.largest(20_000).length, 10_000);
  t.same(sums.largest(1), [{ jail: 'jail3', offenders: 2, bans: 6 }]);
});
