import t from 'tap';
import { Spans } from '../../../src/ledger/spans.js';
import { Prefix } from '../../../src/model/prefix.js';

const p = Prefix.parse;

t.test('lengths of wide prefixes that are there, the widest first', async (t) => {
  const spans = new Spans();
  t.same(spans.lengths(4), []);
  for (const text of ['10.0.0.0/24', '10.1.0.0/24', '10.2.0.0/20', '10.0.0.0/8', '10.0.0.1', '2001:db8::/48'])
    spans.add(text);
  t.same([spans.lengths(4), spans.lengths(6)], [[20, 24], [48]]);
  spans.remove('10.0.0.0/24');
  t.same(spans.lengths(4), [20, 24]);
  spans.remove('10.1.0.0/24');
  spans.remove('2001:db8::/48');
  t.same([spans.lengths(4), spans.lengths(6)], [[20], []]);
});

t.test('units are looked for where there are any', async (t) => {
  const spans = new Spans();
  const count = (text: string): number => [...spans.unitsIn(p(text))].length;
  t.equal(count('10.0.0.0/16'), 0);
  spans.add('x 10.0.7.1', 2);
  t.equal(count('10.0.0.0/16'), 256, 'one area of 256');
  t.equal(count('10.0.7.0/25'), 128);
  t.equal(count('10.0.8.0/24'), 0);
  t.ok([...spans.unitsIn(p('10.0.0.0/16'))].includes('10.0.7.1'));
  spans.add('2001:db8::/64');
  t.equal(count('2001:db8::/48'), 256);
  spans.remove('10.0.7.1');
  t.equal(count('10.0.0.0/16'), 0);
});

t.test('an area may have more than can be counted', async (t) => {
  const spans = new Spans();
  for (let times = 0; times < 300; times++) spans.add('10.0.7.1');
  for (let times = 0; times < 299; times++) spans.remove('10.0.7.1');
  t.equal([...spans.unitsIn(p('10.0.7.0/24'))].length, 256);
});

t.test('what was done since the begin is undone', async (t) => {
  const spans = new Spans();
  const seen = () => [spans.lengths(4), [...spans.unitsIn(p('10.0.7.0/24'))].length];
  spans.begin();
  spans.add('10.0.7.1');
  spans.add('10.0.0.0/16');
  spans.commit();
  spans.begin();
  spans.remove('10.0.7.1');
  spans.remove('10.0.0.0/16');
  spans.add('10.0.0.0/20');
  t.same(seen(), [[20], 0]);
  spans.rollback();
  t.same(seen(), [[16], 256]);
  spans.rollback();
  t.same(seen(), [[16], 256], 'nothing is left to undo');
});
