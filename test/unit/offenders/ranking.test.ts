import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { type Entry, worse } from '../../../src/offenders/entry.js';
import { Ranking } from '../../../src/offenders/ranking.js';
import { Random } from '../../random.js';

const random = new Random(11);

const entry = (index: number): Entry => ({
  prefix: Prefix.parse(`10.0.${index >> 8}.${index & 255}`),
  ...{ offenders: 1, bans: random.below(50), jails: ['sshd'], first: 0, last: random.below(20), banned: 0 },
});

t.test('the worst, as a sort has them', async (t) => {
  for (const [count, most] of [
    [0, 5],
    [3, 5],
    [5, 5],
    [400, 1],
    [400, 7],
    [400, 100],
  ] as const) {
    const entries = Array.from({ length: count }, (_, index) => entry(index));
    const ranking = new Ranking(most);
    for (const one of entries) ranking.offer(one);
    t.same(ranking.entries, entries.sort(worse).slice(0, most), `${most} of ${count}`);
  }
});

t.test('who is told twice has one place', async (t) => {
  const ranking = new Ranking(3);
  const [one, other] = [{ ...entry(1), bans: 5 }, entry(2)];
  for (const each of [one, other, one, { ...one, bans: 9 }]) ranking.offer(each);
  t.same(ranking.entries, [one, other].sort(worse));
});

t.test('who was pushed out may come again', async (t) => {
  const ranking = new Ranking(1);
  const [mild, bad] = [
    { ...entry(1), bans: 1 },
    { ...entry(2), bans: 2 },
  ];
  for (const each of [mild, bad, { ...mild, bans: 3 }]) ranking.offer(each);
  t.match(ranking.entries, [{ bans: 3 }]);
});
