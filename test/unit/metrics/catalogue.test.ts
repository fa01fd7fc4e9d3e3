import { readFileSync } from 'node:fs';
import t from 'tap';
import { CATALOGUE, type Entry } from '../../../src/metrics/catalogue.js';

const entries: readonly Entry[] = Object.values(CATALOGUE);

t.test('names are as Prometheus wants them', async (t) => {
  t.equal(new Set(entries.map(({ name }) => name)).size, entries.length);
  for (const { name, type, help, buckets } of entries) {
    t.match(name, /^(?:dropset|process|nodejs)_[a-z_]+$/);
    t.equal(name.endsWith('_total'), type === 'counter', name);
    t.match(help, /^[A-Z0-9].*\.$/, `${name} has a sentence`);
    t.equal(buckets !== undefined, type === 'histogram');
    t.same(
      buckets,
      buckets?.toSorted((a, b) => a - b),
    );
  }
});

t.test('docs/metrics.md has every one, with its type and labels', async (t) => {
  const rows = readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(\w+)`(?: \{([\w, ]+)\})? \| (\w+) \| \S/gm);
  const described = [...rows].map(([, name, labels, type]) => ({ name, type, labels: labels?.split(', ') ?? [] }));
  t.same(
    described,
    entries.map(({ name, type, labels }) => ({ name, type, labels })),
    'in the same order',
  );
});

t.test("docs/metrics.md's alerts name what there is", async (t) => {
  const [, rules = ''] = readFileSync('docs/metrics.md', 'utf8').split('## Alerts');
  const named = [...rules.slice(0, rules.indexOf('\n## ')).matchAll(/\bdropset_\w+/g)].map(([name]) => name);
  t.ok(named.length > 5);
  for (const name of named) {
    t.ok(
      entries.some((entry) => [entry.name, `${entry.name}_bucket`].includes(name)),
      name,
    );
  }
});
