import t from 'tap';
import type { Groups } from '../../../src/filters/groups.js';
import { identityOf, standsWhole } from '../../../src/filters/identity.js';

/** The id, and behind an arrow what can be dropped; `?` before a name. */
function shown(groups: Groups): string | undefined {
  const identity = identityOf(groups);
  if (!identity) return undefined;
  const { text, prefix, isName } = identity;
  return `${isName ? '?' : ''}${text}${prefix ? ` -> ${prefix.text}` : ''}`;
}

t.test('whom groups blame', async (t) => {
  const table: [string, Groups, string | undefined][] = [
    ['nobody', {}, undefined],
    ['groups that took no part', { ip4: undefined, dns: undefined, fid: undefined }, undefined],
    ['an address', { ip4: '192.0.2.7' }, '192.0.2.7 -> 192.0.2.7'],
    ['one in its shortest form', { ip6: '2001:DB8:0::7' }, '2001:db8::7 -> 2001:db8::7'],
    ['a mapped one', { ip6: '::ffff:c000:207' }, '192.0.2.7 -> 192.0.2.7'],
    ['one that is none', { ip4: '999.1.1.1' }, '999.1.1.1'],
    ['a network', { ip4: '192.0.2.7', cidr: '24' }, '192.0.2.0/24 -> 192.0.2.0/24'],
    ['a network of one', { ip6: '2001:db8::7', cidr: '128' }, '2001:db8::7 -> 2001:db8::7'],
    ['a mask that is none', { ip4: '192.0.2.7', cidr: '33' }, '192.0.2.7/33'],
    ['a mask that took no part', { ip4: '192.0.2.7', cidr: '' }, '192.0.2.7 -> 192.0.2.7'],
    ['a name', { dns: 'host.example' }, '?host.example'],
    ['an address in its place', { dns: '192.0.2.7' }, '192.0.2.7 -> 192.0.2.7'],
    ['IPv4 before IPv6', { ip4: '192.0.2.7', ip6: '2001:db8::7', dns: 'x' }, '192.0.2.7 -> 192.0.2.7'],
    ['IPv6 before a name', { ip6: '2001:db8::7', dns: 'x' }, '2001:db8::7 -> 2001:db8::7'],
    ['an id', { fid: 'ann' }, 'ann'],
    ['an id that is an address', { fid: '2001:DB8::7' }, '2001:db8::7 -> 2001:db8::7'],
    ['or a network', { fid: '192.0.2.7/24' }, '192.0.2.0/24 -> 192.0.2.0/24'],
    ['or in brackets', { fid: '[2001:db8::7]' }, '2001:db8::7 -> 2001:db8::7'],
    ['only brackets', { fid: '[]' }, '[]'],
    ['an id beside an address, which is what can be dropped', { fid: 'ann', ip4: '192.0.2.7' }, 'ann -> 192.0.2.7'],
    ['another address as the id', { fid: '192.0.2.9', ip4: '192.0.2.7' }, '192.0.2.9 -> 192.0.2.7'],
    ['beside what is no address', { fid: 'ann', ip4: '999.1.1.1' }, 'ann'],
    ['the same address', { fid: '192.0.2.7', ip4: '192.0.2.7', cidr: '24' }, '192.0.2.0/24 -> 192.0.2.0/24'],
    ['beside a name, which is to be resolved', { fid: 'ann', dns: 'host.example' }, '?host.example'],
  ];
  for (const [sentence, groups, expected] of table) t.equal(shown(groups), expected, sentence);
});

t.test('an address that stands whole', async (t) => {
  const table: [string, string][] = [
    ['192.0.2.7', 'from 192.0.2.7 port 1'],
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', 'from 192.0.2.7.'],
    ['192.0.2.7', 'from 192.0.2.7:22'],
    ['192.0.2.7', 'x192.0.2.7x'],
    ['192.0.2.7', '::ffff:192.0.2.7'],
    ['192.0.2.7', '1192.0.2.7 and 192.0.2.7'],
    ['2001:db8::7', 'from [2001:db8::7]:22'],
    ['2001:db8::7', 'from 2001:db8::7 port'],
    ['2001:db8::7', 'from 2001:db8::7.'],
    ['2001:db8::7', 'from: 2001:db8::7: failed'],
    ['2001:db8::7', 'ip:2001:db8::7'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8:22'],
    ['::1', 'from ::1'],
  ];
  for (const [address, line] of table) t.ok(standsWhole(address, line), `${address} in ${line}`);
});

t.test('an address that is a part of another, or of nothing', async (t) => {
  const table: [string, string][] = [
    ['2.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.78'],
    ['92.0.2.7', '192.0.2.7'],
    ['0.2.7.1', '192.0.2.7.1'],
    ['192.0.2.7', '192.0.2.7.1'],
    ['192.0.2.7', 'nothing'],
    ['2.0.2.7', '192.0.2.7 192.0.2.71'],
    ['1:db8::7', '2001:db8::7'],
    ['db8::7', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::77'],
    ['2001:db8::7', '2001:db8::7:1'],
    ['2001:db8::', '2001:db8::7'],
    ['2001:db8:1', '2001:db8:1::7'],
    ['7::1', '2001::7::1'],
  ];
  for (const [address, line] of table) t.notOk(standsWhole(address, line), `${address} in ${line}`);
});

t.test('a port that the expression has captured is no part of the address', async (t) => {
  t.ok(standsWhole('2001:db8::7', '[client 2001:db8::7:4242]', '4242'));
  t.ok(standsWhole('192.0.2.7', '[client 192.0.2.7:80]', '80'));
  t.notOk(standsWhole('2001:db8::7', '[client 2001:db8::7:4242]', '424'));
  t.notOk(standsWhole('2001:db8::7', '[client 2001:db8::7:4242]', '22'));
  t.notOk(standsWhole('2001:db8::7', '[client 2001:db8::7:4242:1]', '4242'));
  t.notOk(standsWhole('1:db8::7', '[client 2001:db8::7:4242]', '4242'));
});
