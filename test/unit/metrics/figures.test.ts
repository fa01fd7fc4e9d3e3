import t from 'tap';
import { CATALOGUE } from '../../../src/metrics/catalogue.js';
import { Figures } from '../../../src/metrics/figures.js';
import { parseExposition } from '../../exposition.js';

t.test('what was told stands, and nothing of before', async (t) => {
  const figures = new Figures();
  figures.tell('lines', [3, 'sshd'], [4, 'nginx']);
  figures.tell('lines', [5, 'sshd'], [1, 'other'], [2, 'other']);
  figures.tell('pending', [7]);
  figures.tell('pending', [6]);
  figures.tell('elements', [9]);
  figures.tell('elements');
  figures.tell('written', [0]);
  const families = parseExposition(await figures.text());
  t.equal(families.size, Object.keys(CATALOGUE).length);
  const of = (name: string) => families.get(name)?.series;
  const name = 'dropset_lines_total';
  t.same(of(name), [
    { name, labels: { jail: 'sshd' }, value: 5 },
    { name, labels: { jail: 'other' }, value: 3 },
  ]);
  t.same(of('dropset_writer_pending_changes'), [{ name: 'dropset_writer_pending_changes', labels: {}, value: 6 }]);
  t.same(of('dropset_elements'), [], 'what is not known any more is absent');
  t.match(of('dropset_written_changes_total'), [{ value: 0 }]);
});

t.test('whatever a label says, the text can be read', async (t) => {
  const figures = new Figures();
  const jail = 'a"b\\c\n{d="e"} 1';
  figures.tell('bans', [1, jail]);
  t.match(parseExposition(await figures.text()).get('dropset_bans_total')?.series, [{ labels: { jail }, value: 1 }]);
});

t.test('histograms, as text and as values', async (t) => {
  const figures = new Figures();
  for (const value of [0.0001, 0.002, 0.003, 60]) figures.observe('latency', value);
  const family = parseExposition(await figures.text()).get('dropset_line_to_kernel_seconds');
  const at = (le: string) => family?.series.find(({ labels }) => labels.le === le)?.value;
  t.same([at('0.0005'), at('0.0025'), at('0.005'), at('10'), at('+Inf')], [1, 2, 3, 3, 4]);
  const json = (await figures.json()).find(({ name }) => name === 'dropset_line_to_kernel_seconds');
  t.match(json, { type: 'histogram', help: /^From/ });
  t.match(json?.values.at(-1), { name: 'dropset_line_to_kernel_seconds_count', labels: {}, value: 4 });
  t.match(json?.values[0], { name: 'dropset_line_to_kernel_seconds_bucket', labels: { le: '0.0005' }, value: 1 });
});

t.test('two of them have nothing in common', async (t) => {
  const [one, other] = [new Figures(), new Figures()];
  one.tell('pending', [5]);
  t.notMatch(await other.text(), /pending_changes 5/);
});
