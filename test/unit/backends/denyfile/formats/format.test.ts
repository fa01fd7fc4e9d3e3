import t from 'tap';
import { HEAD } from '../../../../../src/backends/denyfile/formats/format.js';

t.test('one line of comment, which says who writes the file', async (t) => {
  t.match(HEAD, /^# [^\n]*dropset[^\n]*\n$/);
});
