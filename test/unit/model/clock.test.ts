import t from 'tap';
import { systemClock } from '../../../src/model/clock.js';

t.test('the system clock counts milliseconds since the epoch', async (t) => {
  const before = Date.now();
  const now = systemClock();
  t.ok(now >= before && now <= Date.now());
});
