import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { PrefixCounts } from '../../../src/model/prefix-counts.js';
import { Random } from '../../random.js';

const p = Prefix.parse;

t.test('counts prefixes, each by itself', async (t) => {
  const counts = new PrefixCounts();
  t.equal(counts.add(p('192.0.2.0/24')), 0);
  t.equal(counts.add(p('192.0.2.0/24'), 5), 1);
  t.equal(counts.add(p('192.0.2.0/24')), 6);
  const others = ['192.0.2.0/25', '192.0.2.0', '192.0.3.0/24', '2001:db8::/64', '2001:db8:0:1::/64', '2001:db8::/56'];
  for (const other of others) {
    t.notOk(counts.has(p(other)), other);
    t.equal(counts.add(p(other)), 0, other);
  }
  t.equal(counts.size, 7);
  t.ok(counts.has(p('2001:db8::/56')));
});

t.test('a hundred thousand, as a Map has them', async (t) => {
  const random = new Random(3);
  const counts = new PrefixCounts();
  const expected = new Map<string, number>();
  for (let step = 0; step < 100_000; step++) {
    const prefix = p(`10.${random.below(256)}.${random.below(256)}.0/24`);
    const before = counts.add(prefix);
    if (before !== (expected.get(prefix.text) ?? 0)) t.fail(`${prefix}: ${before}`);
    expected.set(prefix.text, (before ?? 0) + 1);
  }
  t.equal(counts.size, expected.size);
});

t.test('it has a largest count and a largest size', async (t) => {
  const counts = new PrefixCounts(2);
  counts.add(p('192.0.2.1'), 65_000);
  counts.add(p('192.0.2.1'), 65_000);
  t.equal(counts.add(p('192.0.2.1')), 65_535);
  counts.add(p('192.0.2.2'));
  t.equal(counts.add(p('192.0.2.3')), undefined);
  t.notOk(counts.has(p('192.0.2.3')));
  t.equal(counts.add(p('192.0.2.2')), 1, 'what is there is counted on');
});
