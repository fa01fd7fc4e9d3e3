import { createRequire } from 'node:module';
import type * as Prometheus from 'prom-client';

/**
 * The four parts of prom-client that are used. The package as a whole also loads its default metrics and OpenTelemetry's interface, which
 * take 8 MB of memory and 30 ms of each start; these take 0.3 MB and 3 ms, and make no registry that everybody shares.
 */
const load = createRequire(import.meta.url);

export const Registry: typeof Prometheus.Registry = load('prom-client/lib/registry.js');
export const Counter: typeof Prometheus.Counter = load('prom-client/lib/counter.js');
export const Gauge: typeof Prometheus.Gauge = load('prom-client/lib/gauge.js');
export const Histogram: typeof Prometheus.Histogram = load('prom-client/lib/histogram.js');

export type Registry = Prometheus.Registry;
export type Counter = Prometheus.Counter;
export type Gauge = Prometheus.Gauge;
export type Histogram = Prometheus.Histogram;
