import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Folding, foldedOf, outlasting, wholeOf } from '../../../src/ledger/folding.js';
import { Ledger, type Recorded } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Change, Verdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const p = Prefix.parse;

/** @param hours until it ends; null is never. */
const ban = (address: string, hours: number | null, jail = 'manual', scope = 'all'): Verdict => ({
  kind: 'ban',
  ban: {
    ...{ prefix: p(address), jail, reason: '', since: NOW, until: hours === null ? null : NOW + hours * HOUR },
    scope: Scope.parse(scope),
  },
});
const unban = (address: string, jail?: string): Verdict => ({
  kind: 'unban',
  prefix: p(address),
  ...(jail !== undefined && { jail }),
});

const text = (change: Change): string => {
  if (change.verb === 'remove')
    return change.foldedInto ? `${change.prefix} in ${change.foldedInto}` : `- ${change.prefix}`;
  return `+ ${change.prefix}${change.scope ? ` ${change.scope}` : ''} ${change.until === null ? 'ever' : (change.until - NOW) / HOUR}`;
};
const texts = ({ changes, steps }: Recorded) => (steps ?? [changes]).map((step) => step.map(text));

function fresh(t: Test) {
  const state = { now: NOW, refused: undefined as string | undefined };
  const path = join(t.testdir(), 'ledger.db');
  const open = (): Ledger =>
    Ledger.open(path, {
      clock: () => state.now,
      refusal: (prefix) => (state.refused && prefix.overlaps(p(state.refused)) ? 'never' : undefined),
    });
  const ledger = open();
  t.teardown(() => ledger.close());
  const told = (...verdicts: Verdict[]) => texts(ledger.record(verdicts));
  const held = () => [...ledger.elements()].flat().map(text);
  return { ledger, open, state, told, held };
}

t.test('singles that end no later go with the prefix, in one step; those that outlast it stay', async (t) => {
  const { ledger, told, held } = fresh(t);
  told(ban('192.0.2.1', 1), ban('192.0.2.2', 2), ban('192.0.2.3', 3), ban('192.0.2.4', null), ban('192.0.3.1', 1));
  t.same(told(ban('192.0.2.0/24', 2)), [
    ['+ 192.0.2.0/24 2', '192.0.2.1 in 192.0.2.0/24', '192.0.2.2 in 192.0.2.0/24'],
  ]);
  t.same(held(), [
    '192.0.2.1 in 192.0.2.0/24',
    '192.0.2.2 in 192.0.2.0/24',
    '+ 192.0.2.3 3',
    '+ 192.0.2.4 ever',
    '+ 192.0.3.1 1',
    '+ 192.0.2.0/24 2',
  ]);
  t.equal(ledger.count(), 6, 'the ledger keeps all');
  t.same(
    told(ban('192.0.2.0/24', null)),
    [['+ 192.0.2.0/24 ever', '192.0.2.3 in 192.0.2.0/24', '192.0.2.4 in 192.0.2.0/24']],
    'as it grows it takes more',
  );
});

t.test('what was folded comes back a step before the prefix goes, or shrinks', async (t) => {
  const { told, state } = fresh(t);
  told(ban('192.0.2.1', 1), ban('192.0.2.2', 3), ban('192.0.2.3', null), ban('192.0.2.0/24', 5));
  t.same(told(ban('192.0.2.0/24', 2)), [['+ 192.0.2.2 3'], ['+ 192.0.2.0/24 2']]);
  state.now = NOW + 1.5 * HOUR;
  t.same(told(unban('192.0.2.0/24')), [['- 192.0.2.0/24']], 'of what has ended nothing comes back');
  told(ban('192.0.2.0/24', null));
  t.same(told(unban('192.0.2.0/24')), [['+ 192.0.2.2 3', '+ 192.0.2.3 ever'], ['- 192.0.2.0/24']]);
});

t.test('a new single below a prefix that lasts as long needs nothing', async (t) => {
  const { ledger, told } = fresh(t);
  told(ban('192.0.2.0/24', 2), ban('2001:db8::/48', null));
  const recorded = ledger.record([ban('192.0.2.1', 1), ban('2001:db8:0:7::/64', null), ban('2001:db8::1', 1)]);
  t.same(recorded.changes.map(text), [
    '192.0.2.1 in 192.0.2.0/24',
    '2001:db8:0:7::/64 in 2001:db8::/48',
    '+ 2001:db8::1 1',
  ]);
  t.same(texts(recorded), [['+ 2001:db8::1 1']], 'only /64s are folded');
  t.same(told(ban('192.0.2.2', 3)), [['+ 192.0.2.2 3']]);
  t.same(told(ban('192.0.2.1', 4)), [['+ 192.0.2.1 4']], 'that outlasts it by now');
  t.same(told(ban('192.0.2.1', 1)), [['+ 192.0.2.0/24 2', '192.0.2.1 in 192.0.2.0/24']], 'that the kernel may hold');
  t.same(told(unban('192.0.2.1')), [['- 192.0.2.1']]);
});

t.test('a transaction of many verdicts is what it is in the end', async (t) => {
  const { told, held } = fresh(t);
  t.same(told(ban('192.0.2.1', 1), ban('192.0.2.0/24', 2)), [['+ 192.0.2.0/24 2', '192.0.2.1 in 192.0.2.0/24']]);
  t.same(told(ban('192.0.2.0/24', 3), ban('192.0.2.2', 1), unban('192.0.2.0/24')), [
    ['+ 192.0.2.1 1', '+ 192.0.2.2 1'],
    ['- 192.0.2.0/24'],
  ]);
  t.same(told(unban('192.0.2.1'), ban('192.0.2.1', 1), ban('192.0.2.0/24', 1)), [
    ['+ 192.0.2.0/24 1', '192.0.2.1 in 192.0.2.0/24', '192.0.2.2 in 192.0.2.0/24'],
  ]);
  t.equal(held().length, 3);
});

t.test('several prefixes around one, and several bans of one prefix', async (t) => {
  const { told } = fresh(t);
  told(ban('10.0.7.1', 3), ban('10.0.7.2', 1));
  told(ban('10.0.0.0/16', 2));
  const [step = []] = told(ban('10.0.7.0/24', 4));
  t.same(step.slice(0, 3), ['+ 10.0.7.0/24 4', '+ 10.0.0.0/16 2', '10.0.7.1 in 10.0.7.0/24']);
  t.same(told(unban('10.0.0.0/16')), [['- 10.0.0.0/16']], 'the narrow one stands for both');
  t.same(told(ban('10.0.7.0/24', 1, 'other')), [['+ 10.0.7.0/24 4']]);
  t.same(told(unban('10.0.7.0/24', 'manual')), [['+ 10.0.7.1 3'], ['+ 10.0.7.0/24 1']]);
  t.same(told(ban('10.0.0.0/15', null)), [['+ 10.0.0.0/15 ever']], 'too wide to look through');
});

t.test('a prefix that must never be banned stands for nobody', async (t) => {
  const { told, held, state, ledger } = fresh(t);
  told(ban('192.0.2.1', 1), ban('192.0.2.2', 1), ban('192.0.2.0/24', 2));
  state.refused = '192.0.2.2';
  t.same(held(), ['+ 192.0.2.1 1', '- 192.0.2.2', '- 192.0.2.0/24']);
  t.same(texts(ledger.pageBehind(2, 10)), [['+ 192.0.2.1 1'], ['- 192.0.2.0/24']], 'at a start too they come first');
  t.same(told(unban('192.0.2.0/24')), [['+ 192.0.2.1 1'], ['- 192.0.2.0/24']]);
  t.same(told(ban('192.0.2.0/24', 5)), [['- 192.0.2.0/24']]);
});

t.test('scopes: what drops all stands for all that is dropped, any other for its like', async (t) => {
  const { told } = fresh(t);
  told(
    ban('192.0.2.1', 1),
    ban('192.0.2.2', 1, 'ssh', 'tcp/22'),
    ban('192.0.2.3', 1, 'web', 'tcp/80'),
    ban('192.0.2.4', 1, 'trial', 'observe'),
  );
  t.same(told(ban('192.0.2.0/24', 2, 'ssh', 'tcp/22')), [['+ 192.0.2.0/24 tcp/22 2', '192.0.2.2 in 192.0.2.0/24']]);
  t.same(told(ban('192.0.2.0/24', 1, 'web', 'tcp/80')), [['+ 192.0.2.0/24 tcp/22,80 2', '192.0.2.3 in 192.0.2.0/24']]);
  t.same(told(ban('192.0.2.0/24', 1, 'all')), [['+ 192.0.2.0/24 2', '192.0.2.1 in 192.0.2.0/24']]);
  t.same(told(unban('192.0.2.0/24')), [
    ['+ 192.0.2.1 1', '+ 192.0.2.2 tcp/22 1', '+ 192.0.2.3 tcp/80 1'],
    ['- 192.0.2.0/24'],
  ]);
});

t.test('a ban of a prefix that ends by itself takes nobody with it', async (t) => {
  const { ledger, told, state, held } = fresh(t);
  told(ban('192.0.2.1', 3, 'ssh', 'tcp/22'), ban('192.0.2.2', 1));
  told(ban('192.0.2.0/24', 2, 'all'), ban('192.0.2.0/24', 4, 'ssh', 'tcp/22'));
  t.same(held().slice(0, 2), ['192.0.2.1 in 192.0.2.0/24', '192.0.2.2 in 192.0.2.0/24']);
  state.now = NOW + 2 * HOUR;
  const { recorded, ended } = ledger.expire();
  t.equal(ended.length, 2);
  t.same(texts(recorded), [['- 192.0.2.2', '+ 192.0.2.0/24 tcp/22 4']]);
});

t.test('a single of which one ban ends may be folded from then on', async (t) => {
  const { ledger, told, state } = fresh(t);
  told(ban('192.0.2.1', 1, 'all'), ban('192.0.2.1', 2, 'ssh', 'tcp/22'));
  t.same(told(ban('192.0.2.0/24', 5, 'ssh', 'tcp/22')), [['+ 192.0.2.0/24 tcp/22 5']]);
  state.now = NOW + HOUR;
  t.same(texts(ledger.expire().recorded), [['+ 192.0.2.0/24 tcp/22 5', '192.0.2.1 in 192.0.2.0/24']]);
});

t.test('a restart knows all that, and fills the kernel prefix by prefix', async (t) => {
  const { told, open } = fresh(t);
  told(ban('192.0.2.1', 1), ban('192.0.2.9', 9), ban('192.0.2.2', 1));
  told(ban('192.0.2.0/24', 2), ban('198.51.100.1', 1));
  const again = open();
  t.same(texts(again.pageBehind(0, 2)), [
    ['+ 192.0.2.9 9', '+ 192.0.2.0/24 2', '192.0.2.1 in 192.0.2.0/24'].sort((a) =>
      a.startsWith('+ 192.0.2.0') ? -1 : 0,
    ),
  ]);
  t.same(texts(again.pageBehind(3, 9)), [['+ 192.0.2.9 9'], ['+ 192.0.2.0/24 2', '+ 198.51.100.1 1']]);
  t.same(texts(again.record([unban('192.0.2.0/24')])), [['+ 192.0.2.1 1', '+ 192.0.2.2 1'], ['- 192.0.2.0/24']]);
  again.close();
});

t.test('what was lifted is in doubt together with what was folded into it', async (t) => {
  const { told, open } = fresh(t);
  told(ban('192.0.2.1', 1), ban('192.0.2.0/24', 2), ban('198.51.100.1', 1), ban('198.51.100.0/24', 9));
  told(unban('192.0.2.0/24'));
  told(ban('198.51.100.0/24', 0.5));
  const again = open();
  const doubts = again.inDoubt();
  t.same(doubts.map(texts), [
    [['+ 192.0.2.1 1'], ['- 192.0.2.0/24']],
    [['+ 198.51.100.1 1'], ['+ 198.51.100.0/24 0.5']],
  ]);
  for (const recorded of doubts) again.arrived(recorded);
  t.same(again.inDoubt(), []);
  again.close();
});

t.test('lifting everything leaves nothing to fold', async (t) => {
  const { ledger, told } = fresh(t);
  told(ban('192.0.2.1', 1), ban('192.0.2.0/24', 2));
  ledger.liftAll();
  t.same(told(ban('192.0.2.1', 1)), [['+ 192.0.2.1 1']]);
  t.same(told(ban('192.0.2.0/24', 2)), [['+ 192.0.2.0/24 2', '192.0.2.1 in 192.0.2.0/24']]);
  while (ledger.tidy());
  t.same(told(unban('192.0.2.0/24')), [['+ 192.0.2.1 1'], ['- 192.0.2.0/24']]);
});

t.test('a transaction that fails has folded nothing', async (t) => {
  const { ledger, told, held } = fresh(t);
  told(ban('192.0.2.1', 1));
  const bad = { kind: 'ban', ban: { prefix: p('192.0.2.9'), jail: null, reason: '', since: NOW, until: null } };
  t.throws(() => ledger.record([ban('192.0.2.0/24', 2), unban('192.0.2.1'), bad as unknown as Verdict]));
  t.same(held(), ['+ 192.0.2.1 1']);
  t.same(told(ban('192.0.2.0/24', 2)), [['+ 192.0.2.0/24 2', '192.0.2.1 in 192.0.2.0/24']]);
});

t.test('its parts, on a view of one prefix', async (t) => {
  const single: Change = { verb: 'add', prefix: p('192.0.2.1'), until: NOW };
  const view = {
    change: (prefix: Prefix): Change => ({ verb: 'add', prefix, until: null }),
    covers: () => [],
    coversHeld: () => [{ until: NOW }],
    *below(): Generator<readonly [Change, { until: number }]> {
      yield [single, { until: NOW }];
    },
  };
  t.same(outlasting({ verb: 'remove', prefix: p('192.0.2.0/24') }, view, NOW), [single]);
  t.same(outlasting({ verb: 'add', prefix: p('192.0.2.0/24'), until: null }, view, NOW), []);
  t.same(outlasting({ verb: 'remove', prefix: p('192.0.2.9') }, view, NOW), []);
  t.same(wholeOf([p('192.0.2.9')], view, NOW), { changes: [{ verb: 'add', prefix: p('192.0.2.9'), until: null }] });
  t.same(foldedOf([single], view, NOW), { changes: [single] });
  const folding = new Folding(view, NOW);
  folding.touch(p('192.0.2.0/24'));
  folding.touch(p('192.0.2.0/24'));
  t.same([folding.isDue, folding.shrunk], [true, []]);
  t.same(folding.page([{ verb: 'add', prefix: p('192.0.2.0/24'), until: null }]).length, 2);
});
