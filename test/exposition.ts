/** One series of Prometheus' text format. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All series of one metric. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly series: readonly Series[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const VALUE = '[+-]?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Inf)|NaN';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (${VALUE})$`);
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`);

/**
 * Reads what a scrape answers, more strictly than Prometheus does, by prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4:
 * one group a metric, HELP and TYPE before its series and once, no series twice, counters not below zero and called so, buckets that add
 * up. @throws Error
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) fail('the last line has no end');
  const families = new Map<string, Group>();
  let current: Group | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    if (line.startsWith('# HELP')) current = groupOf(line, families);
    else if (line.startsWith('#')) addType(line, current);
    else if (line !== '') addSeries(line, current);
  }
  for (const family of families.values()) check(family);
  return families;
}

/** A family that is being read. */
type Group = { -readonly [Key in keyof Family]: Key extends 'series' ? Series[] : Family[Key] };

function groupOf(line: string, families: Map<string, Group>): Group {
  const [, word, name = '', help = ''] = COMMENT.exec(line) ?? fail(`no comment: ${line}`);
  if (word !== 'HELP' || families.has(name)) fail(`twice: ${line}`);
  const group = { name, type: '', help, series: [] };
  families.set(name, group);
  return group;
}

function addType(line: string, group: Group | undefined): void {
  const [, word, name, type = ''] = COMMENT.exec(line) ?? fail(`no comment: ${line}`);
  if (word !== 'TYPE' || !group || group.name !== name || group.type !== '') throw new Error(`out of place: ${line}`);
  if (!/^(?:counter|gauge|histogram)$/.test(type)) fail(`no type: ${line}`);
  group.type = type;
}

function addSeries(line: string, group: Group | undefined): void {
  const series = seriesOf(line);
  if (!group?.type || !belongs(series.name, group)) throw new Error(`in no group: ${line}`);
  group.series.push(series);
}

function seriesOf(line: string): Series {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? fail(`no sample: ${line}`);
  const pairs = [...labels.matchAll(/([^=,"]+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label, text]) => [label, JSON.parse(`"${text}"`)] as const,
  );
  if (new Set(pairs.map(([label]) => label)).size < pairs.length) fail(`a label twice: ${line}`);
  const number = Number((value as string).replace('Inf', 'Infinity'));
  return { name: name as string, labels: Object.fromEntries(pairs), value: number };
}

function belongs(name: string, { name: family, type }: { readonly name: string; readonly type: string }): boolean {
  const names = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => family + end) : [family];
  return names.includes(name);
}

function check({ name, type, series }: Family): void {
  const keys = series.map((one) => JSON.stringify([one.name, Object.entries(one.labels).sort()]));
  if (new Set(keys).size < keys.length) fail(`${name} has a series twice`);
  if ((type === 'counter') !== name.endsWith('_total')) fail(`${name} is no name of a ${type}`);
  if (type === 'counter' && series.some(({ value }) => !(value >= 0))) fail(`${name} is below zero`);
  if (type === 'histogram') checkBuckets(name, series);
}

function checkBuckets(name: string, series: readonly Series[]): void {
  const buckets = series.filter((one) => one.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number((labels.le as string).replace('+Inf', 'Infinity')));
  const count = series.find((one) => one.name === `${name}_count`)?.value;
  const isRising = (values: readonly number[], least: number): boolean =>
    values.every((value, index) => index === 0 || value - (values[index - 1] as number) >= least);
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY || !isRising(bounds, Number.MIN_VALUE)) fail(`${name}: its bounds`);
  if (
    !isRising(
      buckets.map(({ value }) => value),
      0,
    ) ||
    buckets.at(-1)?.value !== count
  )
    fail(`${name}: its counts`);
  if (!series.some((one) => one.name === `${name}_sum`)) fail(`${name} has no sum`);
}

function fail(sentence: string): never {
  throw new Error(sentence);
}
