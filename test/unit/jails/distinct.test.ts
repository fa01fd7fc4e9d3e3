import t from 'tap';
import { Distinct } from '../../../src/jails/distinct.js';

t.test('each counts once within findtime', async (t) => {
  const distinct = new Distinct(10);
  t.same(
    [0, 5, 10, 11, 12, 21, 22].map((time) => distinct.isNew('a', time)),
    [true, false, false, true, false, false, true],
  );
  t.ok(distinct.isNew('b', 22));
});

t.test('in bounded memory the earliest may count once more', async (t) => {
  const distinct = new Distinct(1e9, 100);
  for (let i = 0; i < 1000; i++) t.ok(distinct.isNew(`${i}`, i));
  t.notOk(distinct.isNew('999', 1000));
  t.notOk(distinct.isNew('960', 1000));
  t.ok(distinct.isNew('0', 1000));
});
