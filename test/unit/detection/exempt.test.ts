import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Exempt } from '../../../src/detection/exempt.js';
import { Resolver } from '../../../src/detection/resolver.js';
import { Never } from '../../../src/jails/never.js';
import { Prefix } from '../../../src/model/prefix.js';
import { jail, NOW } from '../../jail.js';

const p = Prefix.parse;

function exempt(more: Partial<JailConfig>, hosts: Record<string, readonly string[]> = {}) {
  const state = { now: NOW, hosts };
  const never = new Never([p('203.0.113.0/24')]);
  const lookups: string[] = [];
  const reports: string[] = [];
  const found = new Exempt(jail('a', more), {
    never,
    now: () => state.now,
    report: (sentence) => reports.push(sentence),
    resolve: (name, told) => {
      lookups.push(name);
      told((state.hosts[name] ?? []).map(p));
    },
  });
  return { state, lookups, reports, refusal: (address: string) => found.refusal(p(address)), settled: found.settled };
}

t.test("everybody's never-rules come first", async (t) => {
  const { refusal } = exempt({});
  t.match(refusal('203.0.113.9'), /never-rule 203\.0\.113\.0\/24/);
  t.match(refusal('127.0.0.1'), /loopback/);
  t.equal(refusal('192.0.2.7'), undefined);
});

t.test("a jail's ignoreip: addresses and prefixes, and what contains one", async (t) => {
  const { refusal, lookups } = exempt({ ignoreip: ['192.0.2.0/24', '2001:db8::7', '::ffff:198.51.100.1'] });
  t.equal(refusal('192.0.2.7'), "192.0.2.7 is spared by the jail's ignoreip 192.0.2.0/24");
  t.match(refusal('192.0.0.0/16'), /ignoreip 192\.0\.2\.0\/24/);
  t.match(refusal('2001:db8::7'), /ignoreip 2001:db8::7/);
  t.match(refusal('198.51.100.1'), /ignoreip 198\.51\.100\.1/);
  t.equal(refusal('198.51.100.2'), undefined);
  t.equal(refusal('2001:db8::8'), undefined);
  t.same(lookups, []);
});

t.test('names are looked up, and again each minute; while nobody answers the last answer stands', async (t) => {
  const { state, refusal, lookups, settled } = exempt(
    { ignoreip: ['office.example', '192.0.2.1'] },
    { 'office.example': ['198.51.100.7', '2001:db8::7'] },
  );
  await settled;
  t.match(refusal('198.51.100.7'), /ignoreip 198\.51\.100\.7/);
  t.match(refusal('2001:db8::7'), /ignoreip/);
  t.match(refusal('192.0.2.1'), /ignoreip/);
  t.equal(refusal('198.51.100.8'), undefined);
  t.same(lookups, ['office.example']);
  state.hosts = { 'office.example': ['198.51.100.8'] };
  state.now += 59_999;
  t.equal(refusal('198.51.100.8'), undefined);
  state.now += 1;
  t.match(refusal('198.51.100.8'), /ignoreip/);
  t.equal(refusal('198.51.100.7'), undefined, 'the name has moved');
  state.hosts = {};
  state.now += 60_000;
  t.match(refusal('198.51.100.8'), /ignoreip/);
});

t.test('it says when every name has been looked up', async (t) => {
  const resolver = new Resolver(() => NOW);
  const never = new Never([]);
  const found = new Exempt(jail('a', { ignoreip: ['localhost', 'nobody.invalid'] }), {
    never,
    now: () => NOW,
    resolve: resolver.resolve.bind(resolver),
  });
  await found.settled;
  t.pass('also of one that has no address');
});

t.test("this machine's own addresses, with ignoreself", async (t) => {
  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .map(({ address }) => address.replace(/%.*/, ''))
    .filter((address) => !address.startsWith('127.') && address !== '::1');
  const [without, within] = [exempt({}), exempt({ ignoreself: true })];
  for (const address of own) {
    t.equal(without.refusal(address), undefined, address);
    t.match(within.refusal(address), /this machine's own address \(ignoreself\)/, address);
  }
  t.equal(within.refusal('192.0.2.7'), undefined);
});

t.test('a file of entries is read again each minute; what it last said whole stands', async (t) => {
  const path = join(t.testdir(), 'list');
  writeFileSync(path, '192.0.2.1 # us\noffice.example\n');
  const { state, refusal, reports, settled } = exempt(
    { ignoreip: [`file:${path}`] },
    { 'office.example': ['192.0.2.2'] },
  );
  await settled;
  t.match(refusal('192.0.2.1'), /ignoreip 192\.0\.2\.1/);
  t.match(refusal('192.0.2.2'), /ignoreip 192\.0\.2\.2/);
  writeFileSync(path, '192.0.2.3\n192.0.2.300\n');
  state.now += 60_000;
  t.equal(refusal('192.0.2.3'), undefined);
  t.match(refusal('192.0.2.1'), /ignoreip/);
  t.match(reports, [/jail a: ignoreip: .*list has a fault in line 2: "192\.0\.2\.300" is no address/]);
  writeFileSync(path, '192.0.2.3\n');
  state.now += 60_000;
  t.equal(refusal('192.0.2.1'), undefined);
  t.match(refusal('192.0.2.3'), /ignoreip/);
  t.equal(reports.length, 1);
});

t.test('a file that is not there is told', async (t) => {
  const { refusal, reports } = exempt({ ignoreip: ['file:/nowhere/list', '192.0.2.1'] });
  t.match(refusal('192.0.2.1'), /ignoreip/);
  t.match(reports, [/reading the never-list \/nowhere\/list: ENOENT/]);
});
