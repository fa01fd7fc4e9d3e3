import t, { type Test } from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import type { Place } from '../../../src/ledger/offenders.js';
import type { Offender } from '../../../src/model/offender.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Verdict } from '../../../src/model/street.js';
import { Random } from '../../random.js';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const p = Prefix.parse;

const unban = (address: string): Verdict => ({ kind: 'unban', prefix: p(address) });

function fresh(t: Test) {
  const clock = { now: NOW };
  const ledger = Ledger.open(':memory:', { clock: () => clock.now });
  t.teardown(() => ledger.close());
  const ban = (address: string, jail = 'sshd', until: number | null = null): unknown =>
    ledger.record([{ kind: 'ban', ban: { prefix: p(address), jail, reason: '', since: clock.now, until } }]);
  return { ledger, clock, ban };
}

/** All pages; `between` has its way after each. */
function all(ledger: Ledger, since = 0, size = 500, between: () => void = () => {}): Offender[] {
  const found: Offender[] = [];
  let place: Place | undefined;
  do {
    const page = ledger.offenders(since, place, size);
    found.push(...page.offenders);
    place = page.next;
    between();
  } while (place);
  return found;
}

const told = (offenders: readonly Offender[]): unknown[] =>
  offenders.map(({ prefix, offences, isBanned }) => [
    prefix.text,
    isBanned,
    ...offences.map(({ jail, bans, first, last }) => `${jail} ${bans} ${(first - NOW) / HOUR}-${(last - NOW) / HOUR}`),
  ]);

t.test('an address is told once, with its live bans and those that are over', async (t) => {
  const { ledger, clock, ban } = fresh(t);
  t.same(all(ledger), []);
  ban('192.0.2.1');
  ban('192.0.2.2', 'sshd', NOW + 1000);
  ban('2001:db8::/32');
  clock.now += HOUR;
  t.equal(ledger.expire().ended.length, 1);
  ban('192.0.2.2', 'nginx', null);
  ban('192.0.2.1', 'sshd');
  ledger.record([unban('2001:db8::/32')]);
  for (const size of [1, 2, 3, 500]) {
    t.same(
      told(all(ledger, 0, size)),
      [
        ['192.0.2.1', true, 'sshd 2 0-1'],
        ['192.0.2.2', true, 'nginx 1 1-1', 'sshd 1 0-0'],
        ['2001:db8::/32', false, 'sshd 1 0-0'],
      ],
      `${size} rows a page`,
    );
  }
  t.same(told(all(ledger, NOW + 1)), [
    ['192.0.2.1', true, 'sshd 2 0-1'],
    ['192.0.2.2', true, 'nginx 1 1-1'],
  ]);
  t.same(all(ledger, NOW + HOUR + 1), []);
});

t.test('a ban that has ended and is still to be forgotten is over', async (t) => {
  const { ledger, clock, ban } = fresh(t);
  ban('192.0.2.1', 'sshd', NOW + 1000);
  ban('192.0.2.2', 'a', NOW + 1000);
  ban('192.0.2.2', 'b', NOW + 1000);
  clock.now += 1000;
  t.same(
    all(ledger).map(({ isBanned }) => isBanned),
    [false, false],
  );
});

t.test('what was lifted all at once is told before and behind its way into the history', async (t) => {
  const { ledger, ban } = fresh(t);
  for (let index = 0; index < 20; index++) ban(`192.0.2.${index}`);
  ban('192.0.2.3', 'nginx');
  ledger.liftAll();
  ban('192.0.2.5', 'nginx');
  const before = told(all(ledger, 0, 3));
  t.equal(before.length, 20);
  t.same(before[5], ['192.0.2.5', true, 'nginx 1 0-0', 'sshd 1 0-0']);
  while (ledger.tidy());
  t.same(told(all(ledger, 0, 3)).sort(), before.sort());
});

t.test('a history that an earlier run wrote', async (t) => {
  const path = `${t.testdir()}/ledger.db`;
  const first = Ledger.open(path, { clock: () => NOW });
  const verdicts = Array.from({ length: 300 }, (_, index): Verdict => {
    const prefix = p(`10.0.${index >> 8}.${index & 255}`);
    return { kind: 'ban', ban: { prefix, jail: 'sshd', reason: '', since: NOW, until: NOW + 1 } };
  });
  first.record(verdicts);
  first.record(
    verdicts.map((verdict) => ({ kind: 'unban', prefix: (verdict as { ban: { prefix: Prefix } }).ban.prefix })),
  );
  first.close();
  const second = Ledger.open(path, { clock: () => NOW });
  t.teardown(() => second.close());
  t.equal(new Set(all(second, 0, 7).map(({ prefix }) => prefix.text)).size, 300);
});

t.test('nobody is missed who moves or comes meanwhile', async (t) => {
  const { ledger, clock, ban } = fresh(t);
  const random = new Random(7);
  const address = (index: number): string => `10.0.0.${index}`;
  for (let index = 0; index < 100; index++) ban(address(index), 'sshd', index % 3 === 0 ? NOW + 10 : null);
  for (let index = 0; index < 30; index++) ledger.record([unban(address(index))]);
  let step = 0;
  const found = all(ledger, 0, 5, () => {
    step++;
    if (step === 4) {
      clock.now += 20;
      ledger.expire();
    }
    ledger.record([unban(address(random.below(100)))]);
    ban(address(random.below(100)), 'nginx');
    if (step === 10) ledger.liftAll();
    if (step > 10) ledger.tidy();
  });
  t.equal(new Set(found.map(({ prefix }) => prefix.text)).size, 100);
});

t.test('who is only observed is not banned', async (t) => {
  const { ledger } = fresh(t);
  const observed = (address: string, jail: string, scope?: string): Verdict => ({
    kind: 'ban',
    ban: { prefix: p(address), jail, reason: '', since: NOW, until: null, ...(scope && { scope: Scope.parse(scope) }) },
  });
  ledger.record([observed('192.0.2.1', 'a', 'observe'), observed('192.0.2.2', 'a', 'tcp/22')]);
  ledger.record([observed('192.0.2.3', 'a', 'observe tcp/22'), observed('192.0.2.3', 'b')]);
  ledger.record([observed('192.0.2.4', 'a', 'observe'), observed('192.0.2.4', 'b', 'observe')]);
  t.same(
    all(ledger).map(({ isBanned }) => isBanned),
    [false, true, true, false],
  );
});
