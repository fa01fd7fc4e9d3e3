import t from 'tap';
import { memoize } from '../../../src/regex/memoize.js';

t.test('an answer is computed once for each object', async (t) => {
  let count = 0;
  const remembered = memoize((key: { value?: number }) => {
    count++;
    return key.value;
  });
  const [one, other] = [{ value: 1 }, {}];
  t.same([remembered(one), remembered(one), remembered(other), remembered(other)], [1, 1, undefined, undefined]);
  t.equal(count, 2);
});
