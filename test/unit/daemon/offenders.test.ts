import { monitorEventLoopDelay } from 'node:perf_hooks';
import t, { type Test } from 'tap';
import { Offenders } from '../../../src/daemon/offenders.js';
import type { Facts } from '../../../src/guard/facts.js';
import { Lockout } from '../../../src/guard/lockout.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';
import { LIMITS, NO_FACTS, neverLoopback } from '../../service.js';

const NOW = Date.parse('2026-03-18T13:30:00Z');
const HOUR = 3_600_000;
const p = Prefix.parse;

function fresh(t: Test, facts: Partial<Facts> = {}) {
  const clock = { now: NOW };
  const ledger = Ledger.open(':memory:', { clock: () => clock.now });
  t.teardown(() => ledger.close());
  const offenders = new Offenders({
    ...{ ledger, clock: () => clock.now, refusal: neverLoopback },
    guard: { look: async () => new Lockout({ ...NO_FACTS, ...facts }, LIMITS) },
  });
  const ban = (address: string, jail = 'sshd', until: number | null = null): Verdict => {
    const verdict: Verdict = { kind: 'ban', ban: { prefix: p(address), jail, reason: '', since: clock.now, until } };
    ledger.record([verdict]);
    return verdict;
  };
  return { ledger, clock, offenders, ban };
}

t.test('live bans and those that are over, the worst first', async (t) => {
  const { clock, ledger, offenders, ban } = fresh(t);
  ban('192.0.2.1', 'sshd', NOW + 1000);
  clock.now += HOUR;
  ledger.expire();
  ban('192.0.2.1', 'nginx');
  ban('198.51.100.7', 'sshd', NOW + HOUR + 10);
  clock.now += HOUR;
  const report = await offenders.report({});
  t.match(report, {
    time: '2026-03-18T15:30:00.000Z',
    since: '2026-02-16T15:30:00.000Z',
    sums: { offenders: 2, banned: 1, bans: 3, dated: 3, excluded: 0 },
    jails: [
      { jail: 'sshd', offenders: 2, bans: 2 },
      { jail: 'nginx', offenders: 1, bans: 1 },
    ],
  });
  t.same(report.offenders, [
    {
      ...{ address: '192.0.2.1', offenders: 1, bans: 2, jails: ['nginx', 'sshd'] },
      ...{ first: '2026-03-18T13:30:00.000Z', last: '2026-03-18T14:30:00.000Z', banned: 1 },
    },
    {
      ...{ address: '198.51.100.7', offenders: 1, bans: 1, jails: ['sshd'] },
      ...{ first: '2026-03-18T14:30:00.000Z', last: '2026-03-18T14:30:00.000Z', banned: 0 },
    },
  ]);
  t.equal(report.timeline.seconds, 86_400);
  t.same(report.timeline.buckets.at(-1), { from: '2026-03-18T00:00:00.000Z', bans: 3 });
});

t.test('networks are one line, unless each is wanted', async (t) => {
  const { offenders, ban } = fresh(t);
  for (let index = 0; index < 12; index++) ban(`192.0.2.${index}`);
  t.match((await offenders.report({})).offenders, [{ address: '192.0.2.0/24', offenders: 12, bans: 12, banned: 12 }]);
  t.equal((await offenders.report({ fold: 'no' })).offenders.length, 12);
  t.equal((await offenders.report({ fold: 'no', limit: 5 })).offenders.length, 5);
});

t.test('who is trusted here is in no report', async (t) => {
  const login = { user: 'alice', peer: p('203.0.113.4') };
  const { offenders, ban } = fresh(t, {
    ...{ own: [p('192.0.2.1')], gateways: [p('192.0.2.2')], resolvers: [p('2001:db8::1')] },
    logins: [login as Facts['logins'][number]],
  });
  for (const address of ['192.0.2.1', '192.0.2.2', '2001:db8::/64', '203.0.113.4', '127.0.0.1']) ban(address);
  for (let index = 10; index < 20; index++) ban(`192.0.2.${index}`);
  const { sums, offenders: lines } = await offenders.report({});
  t.match(sums, { offenders: 10, bans: 10, excluded: 5 });
  t.same(
    lines.map(({ address }) => address).sort(),
    Array.from({ length: 10 }, (_, index) => `192.0.2.${index + 10}`),
    'and no prefix covers them',
  );
});

t.test('what a list said, and what nobody confirmed, did not happen here', async (t) => {
  const { offenders, ban } = fresh(t);
  for (const jail of ['list.drop', 'unconfirmed', 'manual']) ban('192.0.2.1', jail);
  ban('192.0.2.2', 'list.drop');
  t.match(await offenders.report({}), { sums: { offenders: 1, bans: 1 }, offenders: [{ jails: ['manual'] }] });
  const report = await offenders.report({ jail: 'list.drop', prefix: '192.0.2.2' });
  t.match(report, { sums: { offenders: 1 }, offenders: [{ address: '192.0.2.2', jails: ['list.drop'] }] });
});

t.test('since when', async (t) => {
  const { clock, offenders, ban } = fresh(t);
  ban('192.0.2.1');
  clock.now += HOUR;
  ban('192.0.2.2');
  t.match((await offenders.report({ since: '2026-03-18T13:31:00Z' })).offenders, [{ address: '192.0.2.2' }]);
  for (const since of ['soon', '2030-01-01', '1900-01-01']) {
    await t.rejects(offenders.report({ since }), { code: 'request' }, since);
  }
  for (const limit of [0, -1, 1.5, 10_001, Number.NaN]) {
    await t.rejects(offenders.report({ limit }), { code: 'request', message: /1 to 10000/ }, String(limit));
  }
  await t.rejects(offenders.report({ prefix: 'x' }), { code: 'address' });
});

t.test('of many: one at a time, and others have their turns', async (t) => {
  const { ledger, offenders } = fresh(t);
  for (let part = 0; part < 20; part++) {
    ledger.record(
      Array.from({ length: 1000 }, (_, index): Verdict => {
        const prefix = p(`10.${part}.${index >> 8}.${index & 255}`);
        return { kind: 'ban', ban: { prefix, jail: 'sshd', reason: '', since: NOW, until: null } };
      }),
    );
  }
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const first = offenders.report({ limit: 10_000 });
  await t.rejects(offenders.report({}), { code: 'busy', message: /ask again/ });
  const report = await first;
  delay.disable();
  t.equal(report.sums.offenders, 20_000);
  t.equal(
    report.offenders.reduce((sum, line) => sum + line.offenders, 0),
    20_000,
  );
  t.ok(delay.count > 20, `${delay.count} turns`);
  t.ok(await offenders.report({}), 'and another one');
});
