import t from 'tap';
import { Terms } from '../../../src/jails/terms.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import type { Escalation } from '../../../src/model/escalation.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { BanVerdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const DOUBLING: Escalation = { growth: { kind: 'factor', factor: 2, scale: 1 }, random: 0, across: false };

const verdict = (jail: string, since: number): BanVerdict => ({
  kind: 'ban',
  ban: { prefix: Prefix.parse('192.0.2.7'), jail, reason: 'knocked', since, until: since + 1000 },
  read: 17,
});

t.test('who was banned before is banned for longer, also by a ledger that was closed meanwhile', async (t) => {
  const path = `${t.testdir()}/ledger.db`;
  let now = NOW;
  const jails = [
    { name: 'sshd', bantime: 1000, escalation: DOUBLING },
    { name: 'other', bantime: 1000 },
  ];
  const failed = (thrown: unknown): void => {
    t.fail(String(thrown));
  };
  const times: (number | null)[] = [];
  for (let round = 0; round < 4; round++, now += 100_000) {
    const ledger = Ledger.open(path, { clock: () => now });
    const terms = new Terms({ ledger, jails: () => jails, random: () => 0, failed });
    const verdicts = terms.of([verdict('sshd', now), verdict('other', now)]);
    ledger.record(verdicts);
    times.push(...verdicts.map(({ ban: { since, until } }) => (until === null ? null : until - since)));
    t.same(
      verdicts.map(({ read, ban }) => [read, ban.reason]),
      [
        [17, round === 0 ? 'knocked' : `return ${round}: knocked`],
        [17, 'knocked'],
      ],
    );
    t.same(terms.of([verdict('sshd', now)])[0]?.ban.until, verdicts[0]?.ban.until, 'told twice, it is the same one');
    ledger.close();
  }
  t.same(times, [1000, 1000, 2000, 1000, 4000, 1000, 8000, 1000]);
});

t.test('where bans of all jails count, those of a jail that observes count for who observes too', async (t) => {
  const across = { ...DOUBLING, across: true };
  const past = [{ jail: 'trial', bans: 1, first: NOW - 5000, last: NOW - 5000 }];
  const reasons = (scope: string): string[] => {
    const jails = [
      { name: 'sshd', bantime: 1000, escalation: across, scope },
      { name: 'trial', bantime: 1000, escalation: across, scope: 'observe tcp/80' },
    ];
    const terms = new Terms({
      ...{ ledger: { pastOf: () => past }, jails: () => jails, random: () => 0 },
      failed: (thrown) => t.fail(String(thrown)),
    });
    return terms.of([verdict('sshd', NOW), verdict('trial', NOW)]).map(({ ban }) => ban.reason);
  };
  t.same(reasons('all'), ['knocked', 'return 1: knocked'], 'it escalates by its own');
  t.same(reasons('tcp/22'), ['knocked', 'return 1: knocked']);
  t.same(reasons('observe'), ['return 1: knocked', 'return 1: knocked']);
});

t.test('a ledger that cannot be read leaves bans as their jails say', async (t) => {
  const failures: unknown[] = [];
  const pastOf = (): never => {
    throw new Error('disk');
  };
  const jails = [{ name: 'sshd', bantime: 1000, escalation: DOUBLING }];
  const options = { ledger: { pastOf }, jails: () => jails, random: Math.random };
  const terms = new Terms({ ...options, failed: (thrown) => failures.push(thrown) });
  t.match(terms.of([verdict('sshd', NOW)]), [{ ban: { until: NOW + 1000, reason: 'knocked' } }]);
  t.match(failures, [{ message: 'disk' }]);
});
