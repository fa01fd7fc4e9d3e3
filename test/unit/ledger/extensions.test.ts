import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const p = Prefix.parse;

const ban = (address: string, minutes: number | null, jail = 'sshd', since = NOW): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason: 'r', since, until: minutes === null ? null : NOW + minutes * MINUTE },
});

function fresh(t: Test) {
  const state = { now: NOW, refused: undefined as string | undefined };
  const path = join(t.testdir(), 'ledger.db');
  const open = (): Ledger =>
    Ledger.open(path, {
      clock: () => state.now,
      refusal: ({ text }) => (text === state.refused ? 'never' : undefined),
    });
  const ledger = open();
  t.teardown(() => ledger.close());
  const ending = (jails: string[], minutes: number, most = 10) =>
    ledger.extensions
      .ending(jails, NOW + minutes * MINUTE, most)
      .map(({ ban: { prefix, jail }, span }) => `${prefix} ${jail} ${span / MINUTE}`);
  const extend = (address: string, until: number, next: number, jail = 'sshd') =>
    ledger.extensions.extend([
      { prefix: p(address), jail, until: NOW + until * MINUTE, next: NOW + next * MINUTE, span: 10 * MINUTE },
    ]);
  return { ledger, open, state, ending, extend };
}

t.test('bans of some jails that end soon, the soonest first', async (t) => {
  const { ledger, state, ending } = fresh(t);
  ledger.record([
    ban('192.0.2.9', 9),
    ban('192.0.2.5', 5),
    ban('192.0.2.4', 4, 'web'),
    ban('192.0.2.1', 1),
    ban('192.0.2.0', null),
  ]);
  t.same(ending(['sshd'], 5), ['192.0.2.1 sshd 1', '192.0.2.5 sshd 5']);
  t.same(ending(['sshd', 'web'], 60, 3), ['192.0.2.1 sshd 1', '192.0.2.4 web 4', '192.0.2.5 sshd 5']);
  t.same(ending([], 60), []);
  state.now = NOW + 4 * MINUTE;
  t.same(ending(['sshd', 'web'], 6), ['192.0.2.5 sshd 5']);
  ledger.liftAll();
  t.same(ending(['sshd', 'web'], 60), []);
});

t.test('a ban ends later, and is what it was otherwise', async (t) => {
  const { ledger, open, state, ending, extend } = fresh(t);
  ledger.record([ban('192.0.2.7', 10)]);
  state.now = NOW + 9 * MINUTE;
  const { recorded, extended } = extend('192.0.2.7', 10, 20);
  t.strictSame(recorded, { changes: [{ verb: 'add', prefix: p('192.0.2.7'), until: NOW + 20 * MINUTE }] });
  t.match(extended, [{ jail: 'sshd', since: NOW, until: NOW + 20 * MINUTE }]);
  t.match(ledger.bansOf(p('192.0.2.7')), [{ reason: 'r', since: NOW, until: NOW + 20 * MINUTE }]);
  t.match(ledger.pastOf(p('192.0.2.7')), [{ bans: 1 }]);
  t.same(ending(['sshd'], 20), ['192.0.2.7 sshd 10'], 'the time that it was for at first');
  state.now = NOW + 19 * MINUTE;
  extend('192.0.2.7', 20, 30);
  const again = open();
  t.same([...again.extensions.of(p('192.0.2.7'))], [['sshd', { times: 2, active: NOW + 19 * MINUTE }]]);
  again.close();
});

t.test('what has changed meanwhile is not extended, nor what must never be banned', async (t) => {
  const { ledger, state, extend } = fresh(t);
  ledger.record([ban('192.0.2.7', 10), ban('192.0.2.8', 10)]);
  t.same(extend('192.0.2.7', 9, 20).extended, []);
  t.same(extend('192.0.2.7', 10, 20, 'web').extended, []);
  t.same(extend('192.0.2.9', 10, 20).recorded, { changes: [] });
  state.refused = '192.0.2.8';
  t.same(extend('192.0.2.8', 10, 20).extended, []);
});

t.test('another ban in its place begins anew, and what is over is forgotten', async (t) => {
  const { ledger, state, extend } = fresh(t);
  const times = (): (number | undefined)[] =>
    [...ledger.extensions.of(p('192.0.2.7')).values()].map((one) => one.times);
  ledger.record([ban('192.0.2.7', 10)]);
  extend('192.0.2.7', 10, 20);
  t.same(times(), [1]);
  ledger.record([ban('192.0.2.7', 10, 'sshd', NOW + 5)]);
  t.same(times(), []);
  extend('192.0.2.7', 10, 20);
  state.now = NOW + 20 * MINUTE;
  ledger.expire();
  state.now = NOW;
  ledger.record([ban('192.0.2.7', 10)]);
  t.same(times(), []);
  extend('192.0.2.7', 10, 20);
  ledger.liftAll();
  while (ledger.tidy());
  ledger.record([ban('192.0.2.7', 10)]);
  t.same(times(), []);
});

t.test('a prefix that lasts longer takes more in', async (t) => {
  const { ledger, extend } = fresh(t);
  ledger.record([ban('192.0.2.7', 15), ban('192.0.2.0/24', 10)]);
  const { steps } = extend('192.0.2.0/24', 10, 20).recorded;
  t.same(
    steps?.map((step) => step.map(({ verb, prefix }) => `${verb} ${prefix}`)),
    [['add 192.0.2.0/24', 'remove 192.0.2.7']],
  );
});
