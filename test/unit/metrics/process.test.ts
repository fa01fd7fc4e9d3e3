import t from 'tap';
import { processFigures } from '../../../src/metrics/process.js';

t.test('what the process uses', async (t) => {
  const first = await processFigures();
  for (let count = 0; count < 1e7; count++) Math.sqrt(count);
  const figures = await processFigures();
  t.ok(figures.processor > first.processor);
  t.ok(figures.busy >= first.busy);
  t.ok(figures.resident > 20e6 && figures.resident < 4e9);
  t.ok(figures.heap > 1e6 && figures.heap < figures.resident);
  t.ok(figures.descriptors > 3 && figures.descriptors < 1000);
  t.ok(Math.abs(figures.started * 1000 - performance.timeOrigin) < 1);
  t.ok(figures.lag >= 0 && figures.lag < 60);
});
