import t from 'tap';
import { DEFAULT_PATTERNS } from '../../../src/dates/defaults.js';

t.test('seventeen patterns, all different', async (t) => {
  t.equal(DEFAULT_PATTERNS.length, 17);
  t.equal(new Set(DEFAULT_PATTERNS).size, 17);
  t.strictSame(
    DEFAULT_PATTERNS.filter((pattern) => !pattern.includes('%')),
    ['EPOCH', 'TAI64N'],
  );
});
