import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Sieges } from '../../../src/replay/sieges.js';
import { definition, line } from '../../jail.js';
import { ago, knock, MINUTE, reads, replayed } from '../../replayed.js';

const SIEGE = { offenders: 3, userOffenders: 100, window: 10 * MINUTE, calm: 30 * MINUTE };

const besieged = (more: Partial<JailConfig> = {}): JailConfig =>
  reads('door', 'log', {
    maxretry: 5,
    bantime: 60 * MINUTE,
    siege: SIEGE,
    successregex: ['^ welcome <ADDR>$'],
    ...more,
  });

const bots = (first: number, count: number, from: number): string =>
  Array.from({ length: count }, (_, index) => knock(`198.51.100.${first + index}`, ago(from - index))).join('');

t.test('when a siege would have begun and ended, and what it would have banned', async (t) => {
  const text = [
    line('welcome 192.0.2.1', ago(300)),
    bots(1, 5, 200),
    // Known, unknown, dropped, never banned.
    knock('192.0.2.1', ago(190)),
    knock('192.0.2.2', ago(189)),
    knock('198.51.100.4', ago(188)),
    knock('203.0.113.5', ago(187)),
    knock('192.0.2.3', ago(100)),
    bots(11, 4, 20),
  ].join('');
  const { replay, bans } = await replayed(t, [besieged()], { log: text });
  t.same(replay.sieges.all, [
    { jail: 'door', user: null, since: ago(197), until: ago(159), bans: 3 },
    { jail: 'door', user: null, since: ago(17), until: null, bans: 1 },
  ]);
  t.same(
    bans.map(({ prefix, since, reason }) => [prefix.text, since, reason.slice(0, 16)]),
    [
      ['198.51.100.4', ago(197), 'siege: 1 failure'],
      ['198.51.100.5', ago(196), 'siege: 1 failure'],
      ['192.0.2.2', ago(189), 'siege: 1 failure'],
      ['198.51.100.14', ago(17), 'siege: 1 failure'],
    ],
  );
  t.match(replay.watches[0], { dropped: 1, counts: { failures: 13 } });
});

t.test('one that is over when the log ends', async (t) => {
  const { replay } = await replayed(t, [besieged()], { log: bots(1, 4, 200) + line('nothing', ago(100)) });
  t.match(replay.sieges.all, [{ since: ago(197), until: ago(167), bans: 1 }]);
});

t.test('whom a never-rule covers makes no siege', async (t) => {
  const text = Array.from({ length: 20 }, (_, index) => knock(`203.0.113.${index}`, ago(60))).join('');
  const { replay } = await replayed(t, [besieged()], { log: text });
  t.same(replay.sieges.all, []);
});

t.test("fail2ban's way to tell the user, and the user's siege", async (t) => {
  const filter = definition(['^ no <F-USER>\\S+</F-USER> from <ADDR>$']);
  const text = Array.from({ length: 5 }, (_, index) => line(`no root from 192.0.2.${index}`, ago(60 - index))).join('');
  const siege = { ...SIEGE, offenders: 100, userOffenders: 3 };
  const { replay } = await replayed(t, [besieged({ filter, siege })], { log: text });
  t.same(replay.sieges.all, [{ jail: 'door', user: 'root', since: ago(57), until: null, bans: 2 }]);
});

t.test('a bounded number is kept', async (t) => {
  const sieges = new Sieges(2);
  const change = (user: string, state: 'begin' | 'end') =>
    sieges.change('door', { state, user, since: 1, until: state === 'end' ? 5 : null, bans: 1 });
  for (const user of ['a', 'b', 'c']) change(user, 'begin');
  for (const user of ['a', 'c']) change(user, 'end');
  sieges.count('door', 'b', 9);
  sieges.count('door', 'c', 9);
  t.same(sieges.all, [
    { jail: 'door', user: 'a', since: 1, until: 5, bans: 1 },
    { jail: 'door', user: 'b', since: 1, until: null, bans: 9 },
  ]);
  t.equal(sieges.left, 1);
});
