import t from 'tap';
import { GROWTH, prefixesFor } from '../../../../src/backends/xdp/options.js';

t.test('an eighth as many prefixes as addresses, and never few', async (t) => {
  t.equal(prefixesFor(1024), 16_384);
  t.equal(prefixesFor(GROWTH.FIRST), 16_384);
  t.equal(prefixesFor(GROWTH.FIRST * GROWTH.FACTOR), 32_768);
  t.equal(prefixesFor(1_000_001), 125_001);
});
