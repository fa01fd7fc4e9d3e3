import fc from 'fast-check';
import t from 'tap';
import { rewritemap } from '../../../../../src/backends/denyfile/formats/rewritemap.js';
import { Prefix } from '../../../../../src/model/prefix.js';
import { documentedRewrite, isDenied } from '../../../../rewrite-conditions.js';

const keys = (address: string): string[] =>
  rewritemap
    .line(Prefix.parse(address))
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/ deny$/, ''));

const refusal = (address: string): string | undefined => rewritemap.refusal?.(Prefix.parse(address));

t.test('beginnings of addresses', async (t) => {
  t.same(keys('192.0.2.7'), ['192.0.2.7']);
  t.same(keys('192.0.2.0/24'), ['192.0.2.']);
  t.same(keys('192.0.0.0/16'), ['192.0.']);
  t.same(keys('10.0.0.0/8'), ['10.']);
  t.same(keys('2001:db8:1:a0::/64'), ['2001:db8:1:a0:']);
  t.same(keys('2001:db8::/32'), ['2001:db8:']);
  t.same(keys('2001:db8:0:1::/64'), ['2001:db8:0:1:'], 'a single zero is written');
  t.same(keys('2001:db8::/64'), ['2001:db8:0:0:'], 'and so are those that Apache leaves out');
  t.same(keys('2000::/16'), ['2000:']);
});

t.test('what lies between whole octets or groups is several', async (t) => {
  t.same(keys('192.0.2.8/30'), ['192.0.2.8', '192.0.2.9', '192.0.2.10', '192.0.2.11']);
  t.same(keys('192.0.2.0/23'), ['192.0.2.', '192.0.3.']);
  t.equal(keys('192.0.2.128/25').length, 128);
  t.same(keys('2001:db8:1:4::/62'), ['2001:db8:1:4:', '2001:db8:1:5:', '2001:db8:1:6:', '2001:db8:1:7:']);
  t.equal(keys('2001:db8:1:ff00::/56').length, 256);
});

t.test('what it cannot say', async (t) => {
  for (const address of [
    ...['192.0.2.1', '10.0.0.0/8', '::1', '2001:db8::/32', '2001:db8:1:fe10::/60', '2000::/16'],
    ...['2001:db8::/64', '2001:db8:1::/64', '2001:0:0:1::/64', '2001:db8::/40'],
  ]) {
    t.equal(refusal(address), undefined, address);
  }
  t.match(refusal('8.0.0.0/7'), /wider than a \/8/);
  for (const address of ['::/16', '0:0:1::/48', '0:1::/32']) t.match(refusal(address), /begins with zeros/, address);
  for (const address of [
    '2001:db8::/33',
    '2001:db8::/96',
    '2000::/15',
    '2000::/23',
    '2001:db8:1:2::/49',
    '2001:db8::/65',
  ])
    t.match(refusal(address), /of IPv6 it can/, address);
});

const directives = documentedRewrite('map');

/** Groups of which many are zeros, so that all places where an address is shortened come up. */
const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.constantFrom(1, 0xdb8, 0xffff));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });
const address = groups
  .map((all) => Prefix.parse(all.map((value) => value.toString(16)).join(':')))
  .filter(({ family }) => family === 6);
/** Whose first group is none. */
const bannedAddress = address.filter((prefix) => prefix.word(0) >>> 16 !== 0);

t.test('an address is denied exactly if a prefix of the map covers it', async (t) => {
  const length = fc.constantFrom(16, 24, 30, 32, 40, 46, 48, 56, 60, 62, 64, 128);
  const property = fc.property(bannedAddress, address, length, (banned, asked, bits) => {
    const prefix = banned.widened(bits);
    if (rewritemap.refusal?.(prefix) !== undefined) throw new Error(`${prefix} is refused`);
    return isDenied(directives, rewritemap.line(prefix), asked.text) === prefix.covers(asked);
  });
  fc.assert(property, { numRuns: 20_000 });
  // Most pairs of above have nothing in common: these have all but their ends.
  const near = fc.property(bannedAddress, fc.nat(7), group, length, (banned, place, value, bits) => {
    const prefix = banned.widened(bits);
    const groups = Array.from({ length: 8 }, (_, index) => (banned.word(index >> 1) >>> (index % 2 ? 0 : 16)) & 0xffff);
    groups[place] = value;
    const asked = Prefix.parse(groups.map((one) => one.toString(16)).join(':'));
    return asked.family === 4 || isDenied(directives, rewritemap.line(prefix), asked.text) === prefix.covers(asked);
  });
  fc.assert(near, { numRuns: 20_000 });
  t.pass();
});

t.test('and of IPv4', async (t) => {
  const octets = fc.array(fc.constantFrom(0, 1, 10, 101, 255), { minLength: 4, maxLength: 4 });
  const property = fc.property(octets, octets, fc.integer({ min: 8, max: 32 }), (one, other, bits) => {
    const prefix = Prefix.parse(one.join('.')).widened(bits);
    const asked = Prefix.parse(other.join('.'));
    return isDenied(directives, rewritemap.line(prefix), asked.text) === prefix.covers(asked);
  });
  fc.assert(property, { numRuns: 5000 });
  t.pass();
});
