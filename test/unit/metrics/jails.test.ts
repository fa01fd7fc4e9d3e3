import t from 'tap';
import { labeller, OTHER } from '../../../src/metrics/jails.js';

t.test('a bounded set of names', async (t) => {
  const jails = Array.from({ length: 150 }, (_, index) => `jail-${index}`);
  const label = labeller(jails);
  t.equal(label('jail-0'), 'jail-0');
  t.equal(label('jail-99'), 'jail-99');
  t.equal(label('jail-100'), OTHER);
  t.equal(label('manual'), 'manual');
  t.equal(label('brought-by-an-import'), OTHER);
  t.equal(new Set(jails.map(label)).size, 101);
});
