import t from 'tap';
import { copied } from '../../../src/jails/copied.js';

t.test('the same text, or its beginning', async (t) => {
  t.equal(copied('192.0.2.7', 64), '192.0.2.7');
  t.equal(copied('root\u0000\u{1f600}', 64), 'root\u0000\u{1f600}');
  t.equal(copied('x'.repeat(100), 64), 'x'.repeat(64));
  t.equal(copied('', 64), '');
});
