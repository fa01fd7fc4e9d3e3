import t from 'tap';
import { Jail, type JailSettings } from '../../../src/jails/jail.js';
import { Never } from '../../../src/jails/never.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Ban } from '../../../src/model/street.js';

const NOW = 1_000_000;

class Court {
  now = NOW;
  readonly jail: Jail;

  constructor(settings: Partial<JailSettings> = {}) {
    const complete = { name: 'sshd', maxretry: 2, findtime: 1000, bantime: 5000, ...settings };
    this.jail = new Jail(complete, new Never([Prefix.parse('192.0.2.0/24')]), () => this.now);
  }

  fail(address: string, time: number, user?: string): Ban | undefined {
    const line = { text: 'sshd[1]: no', source: '/var/log/auth.log', position: 0 };
    return this.jail.consider({ prefix: Prefix.parse(address), time, line, user })?.ban;
  }
}

t.test('a ban, by the log time', async (t) => {
  const court = new Court();
  t.equal(court.fail('198.51.100.7', NOW - 800), undefined);
  t.equal(court.fail('198.51.100.8', NOW - 500), undefined);
  const ban = court.fail('198.51.100.7', NOW - 100);
  t.match(ban, { jail: 'sshd', since: NOW - 100, until: NOW + 4900 });
  t.equal(ban?.prefix.text, '198.51.100.7');
  t.equal(ban?.reason, '2 failures in 700ms, the last: sshd[1]: no');
  t.same(ban?.lines, ['sshd[1]: no', 'sshd[1]: no']);
  t.equal(court.fail('198.51.100.7', NOW), undefined, 'a ban forgets');
  t.match(court.jail, { failures: 4, bans: 1, ignored: 0, outdated: 0, remembered: 2, evicted: 0 });
});

t.test('for ever', async (t) => {
  t.equal(new Court({ bantime: null, maxretry: 1 }).fail('198.51.100.7', NOW)?.until, null);
});

t.test('each failure that counts is told, and restored makes the same count', async (t) => {
  const told: (string | number)[] = [];
  const settings = { name: 'sshd', maxretry: 2, findtime: 1000, bantime: 5000 };
  const jail = new Jail(
    settings,
    new Never([]),
    () => NOW,
    (address, time) => told.push(address, time),
  );
  const line = { text: 'no', source: '/var/log/auth.log', position: 0 };
  const fail = (address: string, time: number) => jail.consider({ prefix: Prefix.parse(address), time, line });
  for (const address of ['198.51.100.7', '198.51.100.8', '127.0.0.1', '198.51.100.7']) fail(address, NOW - 100);
  fail('198.51.100.9', NOW - 1001);
  t.same(told, ['198.51.100.7', NOW - 100, '198.51.100.8', NOW - 100, '198.51.100.7', NOW - 100]);
  t.same(jail.open, ['198.51.100.8', NOW - 100]);
  const court = new Court();
  for (let at = 0; at < told.length; at += 2) court.jail.restore(told[at] as string, told[at + 1] as number);
  t.same(court.jail.open, jail.open);
  t.equal(court.fail('198.51.100.7', NOW), undefined, 'its ban has been said');
  t.ok(court.fail('198.51.100.8', NOW));
  t.equal(court.jail.failures, 2);
});

t.test('never-addresses are not counted', async (t) => {
  const court = new Court({ maxretry: 1 });
  t.equal(court.fail('192.0.2.7', NOW), undefined);
  t.equal(court.fail('127.0.0.1', NOW), undefined);
  t.match(court.jail, { failures: 0, bans: 0, ignored: 2, remembered: 0 });
});

t.test('what is too old', async (t) => {
  const court = new Court();
  t.equal(court.fail('198.51.100.7', NOW - 1001), undefined);
  t.equal(court.fail('198.51.100.7', NOW), undefined);
  t.match(court.jail, { failures: 1, outdated: 1 });
});

t.test('a ban that would be over', async (t) => {
  const court = new Court({ maxretry: 1, bantime: 100 });
  t.equal(court.fail('198.51.100.7', NOW - 100), undefined);
  t.match(court.jail, { bans: 0, outdated: 1 });
  t.ok(court.fail('198.51.100.7', NOW - 99));
});

t.test('failures of good users do not count, at most maxretry of them', async (t) => {
  const court = new Court({ ignoreuser: ['alice'] });
  for (const user of ['alice', 'alice', 'root']) t.equal(court.fail('198.51.100.7', NOW, user), undefined);
  t.match(court.jail, { failures: 1, bans: 0, ignored: 2 });
  t.match(court.fail('198.51.100.7', NOW, 'alice'), { jail: 'sshd' }, 'who goes on guessing is found out');
});

t.test('prefixes are counted and banned in place of their addresses', async (t) => {
  const court = new Court({ prefix: { 4: 32, 6: 64 } });
  t.equal(court.fail('2001:db8:1:2::1', NOW), undefined);
  const ban = court.fail('2001:db8:1:2:ffff::9', NOW);
  t.equal(ban?.prefix.text, '2001:db8:1:2::/64');
  t.equal(court.fail('198.51.100.7', NOW), undefined);
  t.equal(court.fail('198.51.100.8', NOW), undefined, 'of IPv4 each address by itself');
  t.equal(court.fail('2001:db8:9::/48', NOW), undefined);
  t.equal(court.fail('2001:db8:9::/48', NOW)?.prefix.text, '2001:db8:9::/48', 'a wider one stays as it is');
});

t.test('where somebody in the prefix is never banned, single addresses are', async (t) => {
  const told: unknown[] = [];
  const never = new Never([Prefix.parse('2001:db8:1:2::53')]);
  const settings = { name: 'sshd', maxretry: 2, findtime: 1000, bantime: 5000, prefix: { 4: 32, 6: 64 } };
  const jail = new Jail(
    settings,
    never,
    () => NOW,
    (address) => told.push(address),
  );
  const fail = (address: string) =>
    jail.consider({ prefix: Prefix.parse(address), time: NOW, line: { text: 'no', source: 'a', position: 0 } })?.ban
      .prefix.text;
  t.same(['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2::1', '2001:db8:1:2::53'].map(fail), [
    undefined,
    undefined,
    '2001:db8:1:2::1',
    undefined,
  ]);
  t.same(told, ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2::1']);
  t.equal(jail.ignored, 1);
});

t.test('a jail that counts different addresses of a prefix bans the prefix, or nobody', async (t) => {
  const settings = { maxretry: 3, prefix: { 4: 24, 6: 48 }, distinct: true, recidive: ['*'] };
  const court = new Court(settings);
  for (let times = 0; times < 5; times++) t.equal(court.fail('198.51.100.7', NOW), undefined, 'one is one');
  t.equal(court.fail('198.51.100.8', NOW), undefined);
  t.equal(court.fail('198.51.101.9', NOW), undefined);
  const ban = court.fail('198.51.100.9', NOW);
  t.equal(ban?.prefix.text, '198.51.100.0/24');
  t.match(ban?.reason, /^3 bans at once/);
  for (const last of [1, 2, 3, 4])
    t.equal(court.fail(`192.0.2.${last}`, NOW), undefined, 'that prefix is never banned');

  const next = new Court(settings);
  for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.2']) next.jail.restore(address, NOW);
  t.equal(next.fail('203.0.113.2', NOW), undefined);
  t.equal(next.fail('203.0.113.3', NOW)?.prefix.text, '203.0.113.0/24', 'it goes on where an earlier life was');
  const third = new Court(settings);
  for (const [index, key] of ['203.0.113.0/24', '203.0.113.0/24'].entries()) third.jail.restore(key, NOW + index - 2);
  t.equal(third.fail('203.0.113.3', NOW)?.prefix.text, '203.0.113.0/24');
});
