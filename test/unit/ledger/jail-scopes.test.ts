import t from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope, scopeText } from '../../../src/model/scope.js';
import type { Change, Verdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const p = Prefix.parse;

const ban = (address: string, scope: string, jail = 'sshd', until: number | null = NOW + HOUR): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason: '', since: NOW, until, scope: Scope.parse(scope) },
});
const unban = (address: string, jail: string): Verdict => ({ kind: 'unban', prefix: p(address), jail });

function fresh(t: { teardown(end: () => void): void }) {
  const clock = { now: NOW };
  const ledger = Ledger.open(':memory:', { clock: () => clock.now });
  t.teardown(() => ledger.close());
  return { ledger, clock };
}

/** `add 192.0.2.7 tcp/22 60`: minutes from now. */
const text = (change: Change): string => {
  if (change.verb === 'remove') return `remove ${change.prefix}`;
  const left = change.until === null ? 'never' : (change.until - NOW) / 60_000;
  return `add ${change.prefix} ${scopeText(change.scope)} ${left}`;
};
const record = (ledger: Ledger, ...verdicts: Verdict[]): string[] => ledger.record(verdicts).changes.map(text);
const held = (ledger: Ledger): string[] => [...ledger.elements()].flat().map(text);

/** All pages: what the kernel has to change. */
function rescope(ledger: Ledger, jail: string, scope: string, size = 100): string[] {
  const changes: Change[] = [];
  for (let last: number | undefined = 0; last !== undefined; ) {
    const page = ledger.rescope(jail, Scope.parse(scope), last, size);
    changes.push(...page.changes);
    last = page.last;
  }
  return changes.map(text);
}

t.test('a ban keeps its scope, and the kernel is told it', async (t) => {
  const { ledger } = fresh(t);
  t.same(record(ledger, ban('192.0.2.7', 'tcp/22'), ban('192.0.2.8', 'all')), [
    'add 192.0.2.7 tcp/22 60',
    'add 192.0.2.8 all 60',
  ]);
  t.equal(scopeText(ledger.bansOf(p('192.0.2.7'))[0]?.scope), 'tcp/22');
  t.notOk('scope' in (ledger.bansOf(p('192.0.2.8'))[0] ?? {}));
  t.same(held(ledger), ['add 192.0.2.7 tcp/22 60', 'add 192.0.2.8 all 60']);
  t.same(
    [...ledger.bans()].flat().map(({ scope }) => scopeText(scope)),
    ['tcp/22', 'all'],
  );
  t.same(record(ledger, ban('192.0.2.7', 'udp/53')), ['add 192.0.2.7 udp/53 60'], 'the last word of a jail holds');
});

t.test('of several bans of a prefix the element has the union, and the rest when one goes', async (t) => {
  const { ledger, clock } = fresh(t);
  const long = NOW + 4 * HOUR;
  t.same(record(ledger, ban('192.0.2.7', 'tcp/22'), ban('192.0.2.7', 'tcp/80', 'web', long)), [
    'add 192.0.2.7 tcp/22 60',
    'add 192.0.2.7 tcp/22,80 240',
  ]);
  t.same(record(ledger, ban('192.0.2.7', 'all', 'hand', NOW + 2 * HOUR)), ['add 192.0.2.7 all 240']);
  t.same(held(ledger), ['add 192.0.2.7 all 240']);
  t.same(record(ledger, unban('192.0.2.7', 'hand')), ['add 192.0.2.7 tcp/22,80 240']);
  clock.now = NOW + HOUR;
  t.same(ledger.expire().recorded.changes.map(text), ['add 192.0.2.7 tcp/80 240']);
  t.same(record(ledger, unban('192.0.2.7', 'web')), ['remove 192.0.2.7']);
});

t.test('what observes makes no drop last longer, and comes back when the drop is over', async (t) => {
  const { ledger, clock } = fresh(t);
  record(ledger, ban('192.0.2.7', 'observe', 'trial', null));
  t.same(record(ledger, ban('192.0.2.7', 'tcp/22')), ['add 192.0.2.7 tcp/22 60']);
  t.same(held(ledger), ['add 192.0.2.7 tcp/22 60']);
  t.same(ledger.changesOf([p('192.0.2.7')]).map(text), ['add 192.0.2.7 tcp/22 60']);
  clock.now = NOW + HOUR;
  t.same(ledger.expire().recorded.changes.map(text), ['add 192.0.2.7 observe never']);
  t.same(held(ledger), ['add 192.0.2.7 observe never']);
});

t.test("a jail's bans get another scope page by page; others keep theirs", async (t) => {
  const { ledger, clock } = fresh(t);
  record(ledger, ban('192.0.2.1', 'all'), ban('192.0.2.2', 'all', 'web'), ban('192.0.2.3', 'tcp/22'));
  record(ledger, ban('192.0.2.4', 'all', 'sshd', NOW + 1000), ban('2001:db8::/64', 'observe'));
  record(ledger, ban('192.0.2.1', 'tcp/80', 'web'));
  clock.now = NOW + 2000;
  for (const size of [1, 2, 100]) {
    rescope(ledger, 'sshd', 'all');
    t.same(
      rescope(ledger, 'sshd', 'tcp/22', size),
      ['add 192.0.2.1 tcp/22,80 60', 'add 192.0.2.3 tcp/22 60', 'remove 192.0.2.4', 'add 2001:db8::/64 tcp/22 60'],
      `${size} at a time`,
    );
  }
  t.same(rescope(ledger, 'sshd', 'tcp/22'), [], 'they have it');
  t.same(rescope(ledger, 'web', 'all'), ['add 192.0.2.1 all 60'], 'with the rest of its bans');
  t.same(rescope(ledger, 'nobody', 'all'), []);
});

t.test('which scope a jail has is known when its last page is turned', async (t) => {
  const { ledger } = fresh(t);
  record(ledger, ban('192.0.2.1', 'all'));
  t.same([...ledger.scopes()], []);
  t.equal(ledger.rescope('sshd', Scope.parse('tcp/22'), 0, 10).last, 1);
  t.same([...ledger.scopes()], []);
  t.equal(ledger.rescope('sshd', Scope.parse('tcp/22'), 1, 10).last, undefined);
  t.same(
    [...ledger.scopes()].map(([jail, scope]) => `${jail} ${scopeText(scope)}`),
    ['sshd tcp/22'],
  );
  rescope(ledger, 'sshd', 'all');
  t.same(
    [...ledger.scopes()].map(([jail, scope]) => `${jail} ${scopeText(scope)}`),
    ['sshd all'],
  );
});

t.test('what was lifted all at once is turned no more', async (t) => {
  const { ledger } = fresh(t);
  record(ledger, ban('192.0.2.1', 'all'));
  ledger.liftAll();
  record(ledger, ban('192.0.2.2', 'all'));
  t.same(rescope(ledger, 'sshd', 'tcp/22'), ['add 192.0.2.2 tcp/22 60']);
});
