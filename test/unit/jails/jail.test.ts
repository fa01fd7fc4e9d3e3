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
  const jail = new Jail(settings, new Never([]), () => NOW, { onCount: (address, time) => told.push(address, time) });
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
  const jail = new Jail(settings, never, () => NOW, { onCount: (address) => told.push(address) });
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

const SIEGE = { offenders: 3, userOffenders: 2, window: 500, calm: 1000 };

/** As many addresses fail, once each. */
const flood = (court: Court, from: number, count: number, user?: string): (Ban | undefined)[] =>
  Array.from({ length: count }, (_, index) => court.fail(`198.51.100.${from + index}`, court.now, user));

t.test('under siege one failure is enough', async (t) => {
  const court = new Court({ maxretry: 5, siege: SIEGE });
  t.same(flood(court, 1, 3), [undefined, undefined, undefined]);
  const [fourth] = flood(court, 4, 1);
  t.match(fourth, { jail: 'sshd', reason: 'siege: 1 failure, the last: sshd[1]: no', lines: ['sshd[1]: no'] });
  court.now += 200;
  const again = court.fail('198.51.100.1', court.now);
  t.equal(
    again?.reason,
    'siege: 2 failures in 200ms, the last: sshd[1]: no',
    'who failed before it began, at the next failure',
  );
  t.equal(again?.lines?.length, 2);
  t.match(court.jail, { failures: 5, bans: 2, remembered: 2 });
  t.match(court.jail.siege?.standing, [{ user: null, bans: 2 }]);
  court.now += 1001;
  t.equal(court.fail('198.51.100.4', court.now), undefined, 'it is over');
});

t.test('under siege, who is known, never banned or a good user is treated as ever', async (t) => {
  const court = new Court({ maxretry: 2, siege: SIEGE, ignoreuser: ['ann'] });
  court.jail.login(Prefix.parse('198.51.100.200'), NOW);
  t.same(flood(court, 1, 3, 'ann'), [undefined, undefined, undefined]);
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '198.51.100.200']) court.fail(address, NOW);
  t.same(court.jail.siege?.standing, [], 'none of them makes a siege');
  t.same(
    flood(court, 10, 4).map((ban) => ban?.reason !== undefined),
    [false, false, false, true],
  );
  t.equal(court.fail('198.51.100.201', NOW, 'ann'), undefined);
  t.equal(court.fail('192.0.2.1', NOW), undefined);
  t.equal(court.fail('198.51.100.200', NOW)?.reason, '2 failures at once, the last: sshd[1]: no', 'its second');
});

t.test('an address is known by the prefix that is counted, also where that is not banned as a whole', async (t) => {
  const prefix = { 4: 32, 6: 64 };
  const jail = new Jail(
    { name: 'sshd', maxretry: 3, findtime: 1000, bantime: 5000, prefix, siege: { ...SIEGE, offenders: 1 } },
    new Never([Prefix.parse('2001:db8:0:2::99')]),
    () => NOW,
  );
  const line = { text: 'no', source: '/var/log/auth.log', position: 0 };
  const fail = (address: string) => jail.consider({ prefix: Prefix.parse(address), time: NOW, line })?.ban.prefix.text;
  for (const address of ['2001:db8:0:1::1', '2001:db8:0:2::1']) jail.login(Prefix.parse(address), NOW);
  for (const address of ['198.51.100.1', '198.51.100.2']) fail(address);
  t.equal(fail('2001:db8:0:1::2'), undefined);
  t.equal(fail('2001:db8:0:2::2'), undefined);
  t.equal(fail('2001:db8:0:3::2'), '2001:db8:0:3::/64');
});

t.test('one user under siege', async (t) => {
  const court = new Court({ maxretry: 5, siege: { ...SIEGE, offenders: 1000 } });
  t.equal(flood(court, 1, 3, 'root').at(-1)?.reason, 'siege of user root: 1 failure, the last: sshd[1]: no');
  t.equal(court.fail('198.51.100.77', NOW, 'admin'), undefined);
  t.equal(court.fail('198.51.100.78', NOW), undefined);
});

t.test('where one failure is enough anyway, a siege is told and changes no reason', async (t) => {
  const court = new Court({ maxretry: 1, siege: SIEGE });
  const reasons = new Set(flood(court, 1, 6).map((ban) => ban?.reason));
  t.same([...reasons], ['1 failure, the last: sshd[1]: no']);
  t.match(court.jail.siege?.standing, [{ user: null, bans: 0 }]);
});

t.test('a ban for which there were enough failures is no work of the siege', async (t) => {
  const court = new Court({ maxretry: 2, siege: SIEGE });
  court.fail('198.51.100.1', NOW - 5);
  t.equal(flood(court, 2, 3).at(-1)?.reason, 'siege: 1 failure, the last: sshd[1]: no');
  t.equal(court.fail('198.51.100.1', NOW)?.reason, '2 failures in 5ms, the last: sshd[1]: no');
});

t.test("what a siege's ban has used up does not count in a later life", async (t) => {
  const told: string[] = [];
  const settings = { name: 'sshd', maxretry: 4, findtime: 1000, bantime: 5000, siege: { ...SIEGE, offenders: 1 } };
  const court = new Court({ maxretry: 4 });
  const jail = new Jail(settings, new Never([]), () => NOW, {
    onCount: (address, time) => {
      told.push(`counted ${address}`);
      court.jail.restore(address, time);
    },
    onUsed: (address, time) => {
      told.push(`used ${address}`);
      court.jail.restoreUsed(address, time);
    },
  });
  const line = { text: 'no', source: '/var/log/auth.log', position: 0 };
  const fail = (address: string) => jail.consider({ prefix: Prefix.parse(address), time: NOW, line }) !== undefined;
  t.same(['198.51.100.1', '198.51.100.2', '198.51.100.1'].map(fail), [false, true, true]);
  t.same(told, [
    ...['counted 198.51.100.1', 'counted 198.51.100.2', 'used 198.51.100.2'],
    ...['counted 198.51.100.1', 'used 198.51.100.1'],
  ]);
  t.same(court.jail.open, []);
  t.same(jail.open, []);
});

t.test('of who a tool counts though a never-rule covers it, no siege is made', async (t) => {
  const isNever = ({ text }: Prefix): boolean => text.startsWith('203.0.113.');
  const exemptions = { refusal: () => undefined, isNever };
  const settings = { name: 'sshd', maxretry: 2, findtime: 1000, bantime: 5000, siege: { ...SIEGE, offenders: 1 } };
  const jail = new Jail(settings, exemptions, () => NOW);
  const line = { text: 'no', source: '/var/log/auth.log', position: 0 };
  const fail = (address: string) => jail.consider({ prefix: Prefix.parse(address), time: NOW, line });
  for (let index = 0; index < 20; index++) t.equal(fail(`203.0.113.${index}`), undefined);
  t.same(jail.siege?.standing, []);
});

t.test('another jail goes on with the siege, or tells its end', async (t) => {
  const changes: string[] = [];
  const make = (siege?: typeof SIEGE): Jail =>
    new Jail(
      { name: 'sshd', maxretry: 2, findtime: 1000, bantime: 5000, ...(siege && { siege }) },
      new Never([]),
      () => NOW,
      {
        onChange: ({ state, until }) => changes.push(`${state} ${until}`),
      },
    );
  const line = { text: 'no', source: '/var/log/auth.log', position: 0 };
  const [first, second, third] = [make(SIEGE), make({ ...SIEGE, calm: 50 }), make()];
  for (let index = 0; index < 4; index++) {
    first.consider({ prefix: Prefix.parse(`198.51.100.${index}`), time: NOW, line });
  }
  second.inherit(first);
  t.equal(second.siege?.standing.length, 1);
  third.inherit(second);
  t.same(changes, ['begin null', `end ${NOW}`]);
  make(SIEGE).retire();
  make().retire();
  make().login(Prefix.parse('198.51.100.1'), NOW);
  t.equal(changes.length, 2);
});
