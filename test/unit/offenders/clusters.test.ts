import fc from 'fast-check';
import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { Clusters } from '../../../src/offenders/clusters.js';
import { type Entry, worse } from '../../../src/offenders/entry.js';

const p = Prefix.parse;

const entry = (address: string): Entry => ({
  prefix: p(address),
  ...{ offenders: 1, bans: 2, jails: ['sshd'], first: 1, last: 1, banned: 1 },
});

/** Entries, those that cluster as one. */
function folded(entries: readonly Entry[], isAllowed: (prefix: Prefix) => boolean = () => true): Entry[] {
  const clusters = new Clusters(isAllowed);
  for (const { prefix } of entries) clusters.count(prefix);
  const alone = entries.filter((one) => !clusters.take(one));
  return [...alone, ...clusters.entries()].sort(worse);
}

const texts = (addresses: readonly string[], isAllowed?: (prefix: Prefix) => boolean): string[] =>
  folded(addresses.map(entry), isAllowed)
    .map(({ prefix, offenders }) => `${prefix} ${offenders}`)
    .sort();

const range = (count: number, name: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => name(index));

t.test('eight of a /24 are one', async (t) => {
  t.equal(texts(range(7, (index) => `192.0.2.${index * 30}`)).length, 7);
  t.same(texts([...range(8, (index) => `192.0.2.${index * 30}`), '192.0.3.1']), ['192.0.2.0/24 8', '192.0.3.1 1']);
});

t.test('wider only where half of it is so', async (t) => {
  const nets = (count: number): string[] => range(count * 8, (index) => `10.0.${index >> 3}.${index & 7}`);
  t.equal(texts(nets(7)).length, 7);
  t.same(texts(nets(8)), ['10.0.0.0/20 64']);
  t.same(texts([...nets(8), '10.0.15.1', '10.0.16.1']), ['10.0.0.0/20 65', '10.0.16.1 1']);
  t.same(texts(range(64 * 8, (index) => `10.1.${(index >> 6) * 16 + ((index >> 3) & 7)}.${index & 7}`)), [
    '10.1.0.0/16 512',
  ]);
  t.equal(texts(range(64, (index) => `10.0.${index & 15}.${index}`)).length, 64, 'thinly spread is no cluster');
});

t.test('of IPv6: networks, and sites that send from many of theirs', async (t) => {
  t.same(texts(['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1']), ['2001:db8:0:1::1 1', '2001:db8::/64 2']);
  t.same(texts(range(8, (index) => `2001:db8:0:${index}::1`)), ['2001:db8::/56 8']);
  t.same(texts(range(8, (index) => `2001:db8:0:${index}00::1`)), ['2001:db8::/48 8']);
  t.equal(texts(range(7, (index) => `2001:db8:0:${index}00::1`)).length, 7);
  t.same(texts(range(8, (index) => `2001:db8:0:${index}::/64`)), ['2001:db8::/56 8'], 'banned as networks');
});

t.test('a prefix that is banned itself takes in what is below it', async (t) => {
  t.same(texts(['192.0.2.0/24', '192.0.2.1', '192.0.2.2', '192.0.3.1']), ['192.0.2.0/24 3', '192.0.3.1 1']);
  t.same(texts(['192.0.2.1', '2001:db8::1', '2001:db8::/48', '192.0.2.0/24']), ['192.0.2.0/24 2', '2001:db8::/48 2']);
  t.same(texts(range(8, (index) => `10.0.${index}.0/24`)), ['10.0.0.0/20 8']);
  t.same(texts(['10.0.0.0/8', '2001:db8::/32', '10.0.0.1']), ['10.0.0.0/8 1', '10.0.0.1 1', '2001:db8::/32 1']);
});

t.test('never into what must not be told', async (t) => {
  const own = p('192.0.2.77');
  const isAllowed = (prefix: Prefix): boolean => !prefix.overlaps(own);
  t.equal(
    texts(
      range(9, (index) => `192.0.2.${index}`),
      isAllowed,
    ).length,
    9,
  );
  const nets = range(64, (index) => `192.0.${index >> 3}.${index & 7}`);
  t.same(texts(nets, isAllowed).length, 7 + 8, 'nor into what is around it');
});

/** Addresses of few networks, so that they cluster. */
const address = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(31), fc.nat(15)).map(([a, b, c]) => `10.${a}.${b}.${c}`),
  fc.tuple(fc.nat(3), fc.nat(31)).map(([a, b]) => `10.${a}.${b}.0/24`),
  fc.tuple(fc.nat(2), fc.nat(0x3ff), fc.nat(3)).map(([a, b, c]) => `2001:db8:${a}:${b.toString(16)}::${c}`),
  fc.tuple(fc.nat(2), fc.nat(0x3ff)).map(([a, b]) => `2001:db8:${a}:${b.toString(16)}::/64`),
);
const addresses = fc
  .uniqueArray(address, { maxLength: 400 })
  .map((all) => [...new Set(all.map((text) => p(text).text))]);

t.test('whatever comes', async (t) => {
  fc.assert(
    fc.property(addresses, fc.array(address, { maxLength: 3 }), fc.nat(), (all, forbidden, seed) => {
      const never = forbidden.map((text) => p(text));
      const isAllowed = (prefix: Prefix): boolean => never.every((one) => !one.overlaps(prefix));
      const offenders = all.filter((text) => isAllowed(p(text))).map(entry);
      const lines = folded(offenders, isAllowed);
      const sum = (of: readonly Entry[], what: 'offenders' | 'bans' | 'banned'): number =>
        of.reduce((total, one) => total + one[what], 0);
      for (const what of ['offenders', 'bans', 'banned'] as const) {
        if (sum(lines, what) !== sum(offenders, what)) throw new Error(`${what} are not preserved`);
      }
      const names = new Set(lines.map(({ prefix }) => prefix.text));
      if (names.size !== lines.length) throw new Error('a prefix stands there twice');
      for (const { prefix, offenders: count } of lines) {
        if (!isAllowed(prefix)) throw new Error(`${prefix} covers what must not be told`);
        const below = offenders.filter((one) => prefix.covers(one.prefix)).length;
        if (below !== count) throw new Error(`${prefix} stands for ${count}, and covers ${below}`);
      }
      const turned = [
        ...offenders.slice(seed % (offenders.length + 1)),
        ...offenders.slice(0, seed % (offenders.length + 1)),
      ];
      t.strictSame(folded(turned.toReversed(), isAllowed), lines);
    }),
    { seed: 1, numRuns: 150 },
  );
});
