import t from 'tap';
import { filtering, isSame } from '../../../src/config/same.js';
import { definition, jail } from '../../jail.js';

t.test('order of keys and places say nothing, all else does', async (t) => {
  t.ok(isSame({ a: 1, b: [{ c: 2, origin: 'x', line: 3 }] }, { b: [{ line: 4, c: 2 }], a: 1 }));
  t.ok(isSame({ a: undefined }, {}));
  t.notOk(isSame({ a: [1, 2] }, { a: [2, 1] }));
  t.notOk(isSame({ a: null }, { a: 0 }));
  t.notOk(isSame(jail('a'), jail('a', { filter: definition(['^ other <HOST>$']) })));
});

t.test('what a filter finds does not depend on how many failures are enough', async (t) => {
  t.ok(isSame(filtering(jail('a')), filtering(jail('a', { maxretry: 9, bantime: 1, ignoreip: ['192.0.2.1'] }))));
  t.notOk(isSame(filtering(jail('a')), filtering(jail('a', { findtime: 1 }))));
  t.notOk(isSame(filtering(jail('a')), filtering(jail('a', { timezone: 'UTC' }))));
});
