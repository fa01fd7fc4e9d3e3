import t from 'tap';
import { splitWords } from '../../../src/fail2ban/words.js';

t.test('words between commas, spaces and line ends', async (t) => {
  t.same(splitWords('127.0.0.1/8 ::1, a,,b\n  c\t'), ['127.0.0.1/8', '::1', 'a', 'b', 'c']);
  t.same(splitWords(' ,\n'), []);
});
