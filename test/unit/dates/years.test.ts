import t from 'tap';
import { decadesOf, yearsAround } from '../../../src/dates/years.js';

t.test('from 2000 to three years ahead, and last year where that was before', async (t) => {
  t.strictSame(yearsAround(2026), { first: 2000, last: 2029 });
  t.strictSame(yearsAround(2000), { first: 1999, last: 2003 });
  t.strictSame(yearsAround(1970), { first: 1969, last: 1973 });
});

t.test('the decades of a range', async (t) => {
  t.strictSame(decadesOf({ first: 2000, last: 2029 }), ['200', '201', '202']);
  t.strictSame(decadesOf({ first: 1999, last: 2000 }), ['199', '200']);
  t.strictSame(decadesOf({ first: 2026, last: 2026 }), ['202']);
  t.strictSame(decadesOf({ first: 1, last: 15 }), ['000', '001']);
});
