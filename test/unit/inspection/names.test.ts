import t from 'tap';
import { addressesOf } from '../../../src/inspection/names.js';

t.test('the addresses of names', async (t) => {
  const found = await addressesOf(['127.0.0.1', 'nobody.invalid']);
  t.same(found.get('127.0.0.1'), ['127.0.0.1']);
  t.same(found.get('nobody.invalid'), []);
  t.equal((await addressesOf([])).size, 0);
});
