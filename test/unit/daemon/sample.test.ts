import t, { type Test } from 'tap';
import { Sample } from '../../../src/daemon/sample.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Random } from '../../random.js';

/** A sample of a ledger with these addresses. */
function sampled(t: Test, addresses: readonly string[], seed = 1) {
  const ledger = Ledger.open(':memory:');
  t.teardown(() => ledger.close());
  ledger.record(
    addresses.map((text) => ({
      kind: 'ban',
      ban: { prefix: Prefix.parse(text), jail: 'sshd', reason: '', since: 0, until: null },
    })),
  );
  const random = new Random(seed);
  const sample = new Sample(ledger, () => random.below(1_000_000) / 1_000_000);
  return (size: number): string[] => sample.next(size).map(({ prefix }) => prefix.text);
}

const v4 = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
const v6 = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `2001:db8::${(index + 1).toString(16)}`);

t.test('everybody has a turn, and nobody is there twice', async (t) => {
  const all = [...v4(1000), ...v6(200), '192.0.2.0/24'];
  const next = sampled(t, all);
  const seen = new Set<string>();
  for (let times = 0; times < 1 + 1201 / 128; times++) {
    const sample = next(256);
    t.equal(new Set(sample).size, sample.length);
    t.ok(sample.length > 128 && sample.length <= 256, `${sample.length}`);
    for (const address of sample) seen.add(address);
  }
  t.equal(seen.size, all.length);
});

t.test('the random half reaches every part', async (t) => {
  const next = sampled(t, [...v4(20_000), ...v6(50), '203.0.113.9']);
  const seen = new Set<string>();
  for (let times = 0; times < 12; times++) for (const address of next(256)) seen.add(address);
  const nets = new Set(
    [...seen].filter((address) => address.startsWith('10.')).map((address) => address.split('.')[2]),
  );
  t.ok(nets.size > 15, `${nets.size} parts`);
});

t.test('few, one and none', async (t) => {
  t.same(sampled(t, [])(256), []);
  t.same(sampled(t, ['192.0.2.1'])(256), ['192.0.2.1']);
  const next = sampled(t, ['::1', '10.0.0.1', '10.0.0.1/32']);
  for (let times = 0; times < 3; times++) t.same(next(256).sort(), ['10.0.0.1', '::1']);
});
