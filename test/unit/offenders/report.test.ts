import t from 'tap';
import type { Offender } from '../../../src/model/offender.js';
import { Prefix } from '../../../src/model/prefix.js';
import { type Findings, Report, type ReportOptions } from '../../../src/offenders/report.js';

const NOW = Date.parse('2026-03-18T13:30:00Z');
const DAY = 86_400_000;
const p = Prefix.parse;

const offender = (address: string, bans = 1, jail = 'sshd'): Offender => ({
  prefix: p(address),
  offences: [{ jail, bans, first: NOW - DAY, last: NOW }],
  isBanned: jail === 'sshd',
});

function of(offenders: readonly Offender[], options: Partial<ReportOptions> = {}, isFolded = true): Findings {
  const report = new Report({
    ...{ since: NOW - 30 * DAY, now: NOW, limit: 100 },
    ...{ isWanted: () => true, isAsked: () => true, isExcluded: () => false },
    ...options,
  });
  if (isFolded) for (const one of offenders) report.count(one);
  for (const one of offenders) report.add(one);
  return report.findings();
}

const lines = ({ entries }: Findings): string[] => entries.map(({ prefix, bans }) => `${prefix} ${bans}`);

const network = Array.from({ length: 9 }, (_, index) => offender(`192.0.2.${index + 1}`));

t.test('the worst first, prefixes among them', async (t) => {
  const found = of([offender('203.0.113.1', 20), ...network, offender('203.0.113.2', 2, 'nginx')]);
  t.same(lines(found), ['203.0.113.1 20', '192.0.2.0/24 9', '203.0.113.2 2']);
  t.same(found.sums, { offenders: 11, banned: 10, bans: 31, dated: 13, excluded: 0 });
  t.same(found.jails, [
    { jail: 'sshd', offenders: 10, bans: 29 },
    { jail: 'nginx', offenders: 1, bans: 2 },
  ]);
  t.equal(found.width, DAY);
  t.same(
    found.buckets.slice(-2).map(({ bans }) => bans),
    [2, 11],
  );
});

t.test('so many lines, and one by one', async (t) => {
  t.same(lines(of(network, { limit: 1 })), ['192.0.2.0/24 9']);
  t.equal(of(network, {}, false).entries.length, 9);
});

t.test('some jails, some addresses', async (t) => {
  const both = {
    ...offender('203.0.113.1', 4),
    offences: [...offender('2001:db8::', 4, 'b').offences, ...offender('2001:db8::', 2, 'a').offences],
  };
  t.match(of([both, ...network], { isWanted: (jail) => jail === 'a' }), {
    sums: { offenders: 1, bans: 2 },
    entries: [{ jails: ['a'] }],
  });
  t.same(lines(of(network, { isAsked: (prefix) => prefix.text === '192.0.2.3' })), ['192.0.2.3 1']);
});

t.test('who is excluded is counted, and is in no prefix', async (t) => {
  const found = of(network, { isExcluded: (prefix) => prefix.overlaps(p('192.0.2.4')) });
  t.equal(found.entries.length, 8);
  t.match(found.sums, { offenders: 8, excluded: 1, bans: 8 });
});
