import { CATALOGUE, type Entry, type Name } from './catalogue.js';
import { Counter, Gauge, Histogram, Registry } from './prometheus.js';

/** One value, and the values of the labels in their order. */
export type Sample = readonly [value: number, ...labels: readonly string[]];

/** As prom-client has it; its types leave the name of a histogram's part out. */
interface Value {
  readonly metricName?: string;
  readonly labels: Partial<Record<string, string | number>>;
  readonly value: number;
}

type Metric = Counter | Gauge | Histogram;

/** All series of one metric, as plain values. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly values: readonly {
    /** Of a histogram's parts: `..._bucket`, `..._sum`, `..._count`. */
    readonly name?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

/** What is exported, in a registry of its own. */
export class Figures {
  readonly #registry = new Registry();
  readonly #metrics: Readonly<Record<string, Metric>>;

  constructor() {
    const made = (entry: Entry): Metric => {
      const { name, help, labels, type, buckets } = entry;
      const options = { name, help, labelNames: [...labels], registers: [this.#registry] };
      if (type === 'histogram') return new Histogram({ ...options, buckets: [...(buckets as readonly number[])] });
      return type === 'counter' ? new Counter(options) : new Gauge(options);
    };
    this.#metrics = Object.fromEntries(Object.entries(CATALOGUE).map(([key, entry]) => [key, made(entry)]));
  }

  /** Of a histogram: some nanoseconds. */
  observe(name: Name, value: number): void {
    (this.#metrics[name] as Histogram).observe(value);
  }

  /** Says all that there is of a counter or a gauge, in place of what was said before; nothing where nothing is known. */
  tell(name: Name, ...samples: readonly Sample[]): void {
    const metric = this.#metrics[name] as Counter | Gauge;
    const { labels: names }: Entry = CATALOGUE[name];
    // `reset` leaves a zero behind where there are no labels: what is not known is to be absent.
    if (names.length === 0) metric.remove();
    else metric.reset();
    for (const [value, ...labels] of samples)
      metric.inc(Object.fromEntries(labels.map((label, at) => [names[at], label])), value);
  }

  /** Prometheus' text format, version 0.0.4. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  async json(): Promise<readonly MetricFamily[]> {
    const families = await this.#registry.getMetricsAsJSON();
    return families.map(({ name, help, type, values }) => ({
      ...{ name, help, type: String(type) },
      values: values.map(({ metricName, labels, value }: Value) => ({
        ...(metricName !== undefined && metricName !== name && { name: metricName }),
        labels: Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)])),
        value,
      })),
    }));
  }
}
