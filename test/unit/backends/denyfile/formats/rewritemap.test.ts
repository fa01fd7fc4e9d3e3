import t from 'tap';
import { rewritemap } from '../../../../../src/backends/denyfile/formats/rewritemap.js';
import { Prefix } from '../../../../../src/model/prefix.js';

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
});

t.test('what lies between whole octets or groups is several', async (t) => {
  t.same(keys('192.0.2.8/30'), ['192.0.2.8', '192.0.2.9', '192.0.2.10', '192.0.2.11']);
  t.same(keys('192.0.2.0/23'), ['192.0.2.', '192.0.3.']);
  t.equal(keys('192.0.2.128/25').length, 128);
  t.same(keys('2001:db8:1:4::/62'), ['2001:db8:1:4:', '2001:db8:1:5:', '2001:db8:1:6:', '2001:db8:1:7:']);
  t.equal(keys('2001:db8:1:ff00::/56').length, 256);
});

t.test('what it cannot say', async (t) => {
  for (const address of ['192.0.2.1', '10.0.0.0/8', '::1', '2001:db8::/32', '2001:db8:1:fe10::/60']) {
    t.equal(refusal(address), undefined, address);
  }
  t.match(refusal('8.0.0.0/7'), /wider than a \/8/);
  for (const address of ['2001:db8::/33', '2001:db8::/96', '2000::/16', '2001:db8:1:2::/49'])
    t.match(refusal(address), /of IPv6 it can/, address);
  for (const address of ['2001:db8::/64', '2001:db8:1::/64', '2001:0:0:1::/64'])
    t.match(refusal(address), /groups of zeros/, address);
});
