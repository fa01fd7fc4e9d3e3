import t from 'tap';
import { intervals } from '../../../../src/backends/nftables/intervals.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { at, walk } from '../../../../src/netlink/attributes.js';
import { Encoder } from '../../../../src/netlink/encoder.js';

/** `+` starts an interval, `-` ends one. */
function bounds(family: 4 | 6, ...prefixes: string[]): string[] {
  const encoder = new Encoder();
  const parts = intervals(
    prefixes.map((text) => Prefix.parse(text)),
    family,
  );
  for (const bound of parts.flat()) bound(encoder);
  return [...walk(encoder.bytes)].map(({ payload }) => {
    const key = at(payload, 1, 1) as Buffer;
    return `${at(payload, 3) ? '-' : '+'}${Prefix.fromBytes(key)}`;
  });
}

t.test('from the first address to the one behind the last', async (t) => {
  t.same(bounds(4, '192.0.2.0/24'), ['+192.0.2.0', '-192.0.3.0']);
  t.same(bounds(4, '192.0.2.255'), ['+192.0.2.255', '-192.0.3.0']);
  t.same(bounds(4, '10.255.0.0/16'), ['+10.255.0.0', '-11.0.0.0']);
  t.same(bounds(6, '2001:db8::/32'), ['+2001:db8::', '-2001:db9::']);
});

t.test('nothing is behind the last address', async (t) => {
  t.same(bounds(4, '255.255.255.0/24'), ['+255.255.255.0']);
  t.same(bounds(4, '0.0.0.0/0'), ['+0.0.0.0']);
  t.same(bounds(6, 'ffff::/16'), ['+ffff::']);
});

t.test('one family, no overlaps, no repeats', async (t) => {
  t.same(bounds(4, '10.0.0.0/8', '10.1.0.0/16', '::1', '10.0.0.0/8'), ['+10.0.0.0', '-11.0.0.0']);
  t.same(bounds(6, '10.0.0.0/8'), []);
});

t.test('many are cut into parts that fit a message', async (t) => {
  const many = Array.from({ length: 1201 }, (_, index) => Prefix.parse(`10.${index >> 8}.${index & 255}.0/25`));
  t.same(
    intervals(many, 4).map((part) => part.length),
    [1000, 1000, 402],
  );
});
