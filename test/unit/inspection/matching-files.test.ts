import t from 'tap';
import { countMatching } from '../../../src/inspection/matching-files.js';

t.test('how many paths a pattern leads to', async (t) => {
  const folder = t.testdir({
    'a.log': '',
    'a.log.1': '',
    'b.log': '',
    '.c.log': '',
    'd-e.log': '',
    sub1: { 'a.log': '' },
    sub2: { 'a.log': '' },
  });
  const counts = {
    'a.log': 1,
    'x.log': 0,
    '*.log': 3,
    'a.log*': 2,
    '?.log': 2,
    '[ab].log': 2,
    '[!a].log': 1,
    '[a-z].log': 2,
    'd[-]e.log': 1,
    '.*.log': 1,
    'a+log': 0,
    'sub*/a.log': 2,
    'sub*/*': 2,
    'a.log/*': 0,
  };
  for (const [pattern, count] of Object.entries(counts)) t.equal(countMatching(`${folder}/${pattern}`), count, pattern);
  t.equal(countMatching('/nothing/*/here'), 0);
});
