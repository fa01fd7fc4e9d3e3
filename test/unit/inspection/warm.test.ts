import t from 'tap';
import { Filter } from '../../../src/filters/filter.js';
import { warm } from '../../../src/inspection/warm.js';

t.test('the filter knows nothing of it', async (t) => {
  const expression = (text: string) => ({ text, origin: 'test' });
  const filter = new Filter(
    {
      name: 'x',
      origin: 'test',
      prefregex: expression('(?P<fid>.)'),
      failregex: [expression('.')],
      ignoreregex: [expression('.')],
      datepattern: '(x|\u00e9)%Y?',
      maxlines: 1,
      journalmatch: [],
    },
    { now: () => 0 },
  );
  for (const kind of ['ascii', 'other'] as const) warm(filter, kind);
  t.equal(filter.counts.ignored, 0);
  t.same(
    filter.detector.templates.map(({ hits, matches }) => [hits, matches]),
    [[0, 0]],
  );
});
