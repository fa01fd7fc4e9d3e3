import t from 'tap';
import { setFor, setNamed, setOf } from '../../../../src/backends/nftables/sets.js';
import { Prefix } from '../../../../src/model/prefix.js';

t.test('names there and back', async (t) => {
  for (const [prefix, name] of [
    ['192.0.2.7', 'ban4'],
    ['2001:db8::1', 'ban6'],
    ['192.0.2.0/24', 'ban4_24'],
    ['2001:db8::/64', 'ban6_64'],
    ['0.0.0.0/0', 'ban4_0'],
  ] as const) {
    const set = setOf(Prefix.parse(prefix));
    t.equal(set.name, name);
    t.same(setNamed(name), set);
  }
  t.equal(setFor(6, 128).name, 'ban6');
  for (const [prefix, name] of [
    ['192.0.2.7', 'scoped4'],
    ['2001:db8::/64', 'scoped6_64'],
  ] as const) {
    const map = setOf(Prefix.parse(prefix), true);
    t.equal(map.name, name);
    t.same(setNamed(name), map);
  }
});

t.test('other sets are none of ours', async (t) => {
  for (const name of ['allow4', 'ban5', 'ban4_', 'xban4', 'ban4_1234', 'scopes', 'scoped5', ''])
    t.equal(setNamed(name), undefined, name);
});
