import { createRequire } from 'node:module';
import t from 'tap';
import { Counter, Gauge, Histogram, Registry } from '../../../src/metrics/prometheus.js';

t.test('the parts of prom-client, and no more of it', async (t) => {
  for (const part of [Counter, Gauge, Histogram, Registry]) t.type(part, 'function');
  const loaded = Object.keys(createRequire(import.meta.url).cache ?? {});
  t.ok(loaded.some((path) => path.includes('/prom-client/lib/histogram.js')));
  t.same(
    loaded.filter((path) =>
      /opentelemetry|tdigest|prom-client\/(?:index|lib\/(?:cluster|defaultMetrics))\.js/.test(path),
    ),
    [],
  );
});
