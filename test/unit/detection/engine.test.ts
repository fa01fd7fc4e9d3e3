import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Engine } from '../../../src/detection/engine.js';
import { Never } from '../../../src/jails/never.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { BanVerdict } from '../../../src/model/street.js';
import { banned, chunk, definition, EVIL, EXPONENTIAL, jail, line, NOW } from '../../jail.js';

function engine(jails: readonly JailConfig[], isReal = true) {
  const state = { now: NOW, said: [] as string[], late: [] as BanVerdict[] };
  const it = new Engine(jails, {
    never: new Never([Prefix.parse('203.0.113.0/24')]),
    now: () => state.now,
    report: (sentence) => state.said.push(sentence),
    onLate: (verdict) => state.late.push(verdict),
    ...(!isReal && { lookup: async () => [{ address: '192.0.2.66' }, { address: '2001:db8::66' }] }),
  });
  const judge = (text: string, names: readonly string[]): string[] => banned(it.judge(chunk(text), names));
  return { state, engine: it, judge };
}

const knock = (address: string, time?: number): string => line(`knock from ${address}`, time);

const SIEGE = { offenders: 3, userOffenders: 2, window: 60_000, calm: 120_000 };

t.test('a siege: told, looked after, and gone on with by a later life', async (t) => {
  const config = jail('sshd', { maxretry: 3, siege: SIEGE, successregex: ['^ welcome <ADDR>$'] });
  const news: string[] = [];
  const counted: [string, string, number][] = [];
  const make = (state: { now: number }) =>
    new Engine([config, jail('b', { maxretry: 9 })], {
      ...{
        never: new Never([]),
        now: () => state.now,
        report: (sentence) => t.fail(sentence),
        onLate: () => undefined,
      },
      onCount: (...one) => counted.push(one),
      onSiege: (name, { state: what, user, since, until }) => news.push(`${name} ${what} ${user} ${since} ${until}`),
    });
  const state = { now: NOW };
  const it = make(state);
  const judge = (engine: Engine, text: string): string[] => banned(engine.judge(chunk(text), ['sshd', 'b']));
  const bots = (count: number, from = 1): string =>
    Array.from({ length: count }, (_, index) => knock(`198.51.100.${from + index}`)).join('');
  t.same(judge(it, line('welcome 192.0.2.1') + bots(3) + knock('192.0.2.1')), []);
  t.same(judge(it, bots(1, 4)), ['sshd 198.51.100.4']);
  t.same(news, [`sshd begin null ${NOW} null`]);
  t.match(it.watches[0]?.counts, { failures: 5, bans: 1, lines: 6, siege: { known: 1, standing: [{ user: null }] } });
  t.equal(it.watches[1]?.counts.siege, null);
  const entries = counted.map(([key, address, time]) => JSON.stringify({ [key]: [address, time] }));
  const sorted = ({ open }: Engine) => Object.entries(open).map(([key, all]) => [key, [...all].map(String).sort()]);
  for (const log of [entries, [JSON.stringify(it.open)]]) {
    const later = make(state);
    later.restore(log);
    t.same(sorted(later), sorted(it));
    t.same(judge(later, knock('192.0.2.1') + bots(1, 50)), ['sshd 198.51.100.50']);
  }
  state.now += 120_001;
  it.settle();
  t.same(news.slice(1), [`sshd end null ${NOW} ${NOW + 120_000}`]);
  t.same(it.open['sshd siege'], []);
});

t.test('a siege outlives a reload', async (t) => {
  const { state, engine: it, judge } = engine([jail('a', { maxretry: 9, siege: SIEGE })]);
  for (let index = 0; index < 4; index++) judge(knock(`198.51.100.${index}`), ['a']);
  const next = async (more: Partial<JailConfig>): Promise<string[]> => {
    it.replace(
      await it.prepare([jail('a', { maxretry: 9, siege: SIEGE, ...more })], (fault) => state.said.push(fault)),
    );
    return judge(knock('198.51.100.99'), ['a']);
  };
  t.same(await next({}), ['a 198.51.100.99'], 'unchanged');
  t.same(await next({ maxretry: 8 }), ['a 198.51.100.99'], 'changed');
  const faults: string[] = [];
  await it.prepare([jail('a', { siege: SIEGE, successregex: ['('] })], (fault) => faults.push(fault));
  t.match(faults, [/jail a is left out: .*jail a/]);
  t.same(state.said, []);
});

t.test('only the jails that read a source judge its lines', async (t) => {
  const { judge, engine: it } = engine([jail('a', { maxretry: 1 }), jail('b', { maxretry: 1 })]);
  t.same(judge(knock('192.0.2.7'), ['a']), ['a 192.0.2.7']);
  t.same(judge(knock('192.0.2.8'), ['a', 'b']), ['a 192.0.2.8', 'b 192.0.2.8']);
  t.same(judge(knock('192.0.2.9'), []), []);
  t.same(
    it.watches.map(({ config, counts }) => [config.name, counts.lines]),
    [
      ['a', 2],
      ['b', 1],
    ],
  );
});

t.test('a jail remembers what it saw in another source', async (t) => {
  const { judge } = engine([jail('a'), jail('b')]);
  t.same(judge(knock('192.0.2.7'), ['a']), []);
  t.same(judge(knock('192.0.2.7'), ['a', 'b']), ['a 192.0.2.7']);
});

t.test('a jail whose filter cannot be used is told of, and the others go on', async (t) => {
  const {
    state,
    judge,
    engine: it,
  } = engine([jail('bad', { filter: definition(['(']) }), jail('good', { maxretry: 1 })]);
  t.match(state.said[0], /^jail bad is left out: test\.conf:1: failregex '\('/);
  t.same(
    it.watches.map(({ config }) => config.name),
    ['good'],
  );
  t.same(judge(knock('192.0.2.7'), ['bad', 'good']), ['good 192.0.2.7']);
});

t.test('dates of today are found from the first line on', async (t) => {
  const { judge, engine: it } = engine([jail('a', { maxretry: 1, bantime: 60_000 })]);
  t.same(judge(knock('192.0.2.7', NOW - 30_000), ['a']), ['a 192.0.2.7']);
  const [watch] = it.watches;
  t.match(watch?.counts, { failures: 1, outdated: 0, skewed: 0 });
  t.same(judge(knock('192.0.2.8', NOW - 61_000), ['a']), [], 'its ban would be over');
  t.match(watch?.counts, { outdated: 1 });
});

t.test('the clock goes on from slice to slice', async (t) => {
  const { state, judge } = engine([jail('a', { maxretry: 1 })]);
  judge(knock('192.0.2.7'), ['a']);
  state.now += 3_600_000;
  t.same(judge(knock('192.0.2.8', state.now), ['a']), ['a 192.0.2.8']);
});

t.test('an expression that runs out of its time is told', async (t) => {
  const { state, judge } = engine([jail('a', { filter: definition([EXPONENTIAL]) }), jail('b', { maxretry: 1 })]);
  t.same(judge(line(EVIL).repeat(4) + knock('192.0.2.7'), ['a', 'b']), ['b 192.0.2.7']);
  t.match(state.said, [
    /^jail a: failregex 1 \(test\.conf:1\) ran out of its time .*passed over/,
    /passed over/,
    /set aside for 10 minutes/,
  ]);
  t.equal(state.said.length, 3);
});

t.test('a host name is looked up, and the verdict comes later', async (t) => {
  const { state, judge } = engine([jail('a', { usedns: 'warn' }), jail('b', { usedns: 'no', maxretry: 1 })], false);
  t.same(judge(knock('attacker.example').repeat(2), ['a', 'b']), []);
  await new Promise(setImmediate);
  t.same(banned([state.late]), ['a 192.0.2.66', 'a 2001:db8::66']);
});

t.test('a name of /etc/hosts', async (t) => {
  const { engine: it, judge } = engine([jail('a', { usedns: 'yes', maxretry: 1 })]);
  t.same(judge(knock('localhost') + knock('nobody.invalid'), ['a']), []);
  const counts = () => it.watches[0]?.counts ?? { never: 0, unresolved: 0 };
  while (counts().never === 0 || counts().unresolved === 0) await sleep(5);
  t.match(counts(), { failures: 0, unresolved: 1 }, 'and this machine is never banned');
});

t.test('never-rules and ignoreip', async (t) => {
  const { judge, engine: it } = engine([jail('a', { maxretry: 1, ignoreip: ['192.0.2.7', 'localhost'] })]);
  await it.settled;
  t.same(judge(knock('203.0.113.9') + knock('192.0.2.7') + knock('192.0.2.8'), ['a']), ['a 192.0.2.8']);
  t.equal(it.watches[0]?.counts.never, 2);
});

t.test('bans of a jail that observes count only where nothing is dropped either', async (t) => {
  const counting = (name: string, scope: string) =>
    jail(name, { maxretry: 1, recidive: ['*'], sources: [], filter: definition([]), scope });
  const named = (scope: string): string[] => {
    const { engine: it, state } = engine([
      jail('a', { maxretry: 1, scope }),
      counting('drops', 'all'),
      counting('observes', 'observe'),
    ]);
    const verdicts = [...it.judge(chunk(knock('192.0.2.7', state.now)), ['a'])].flat();
    return it.relapses(verdicts).map(({ ban }) => ban.jail);
  };
  t.same(named('tcp/22'), ['drops', 'observes']);
  t.same(named('observe tcp/22'), ['observes']);
});

t.test(
  'a jail that counts bans bans who is banned again and again, also when the counts are from an earlier life',
  async (t) => {
    const jails = [
      jail('a', { maxretry: 1 }),
      jail('recidive', { maxretry: 3, recidive: ['*'], sources: [], filter: definition([]) }),
      jail('of-b', { maxretry: 1, recidive: ['b'], sources: [], filter: definition([]) }),
    ];
    const { engine: it, state } = engine(jails);
    const round = (one: Engine): readonly BanVerdict[] => {
      state.now += 1000;
      const verdicts = [...one.judge(chunk(knock('192.0.2.7', state.now)), ['a'])].flat();
      t.equal(verdicts.length, 1);
      return one.relapses(verdicts);
    };
    t.same([round(it), round(it)], [[], []]);
    const { engine: next, state: later } = engine(jails);
    later.now = state.now;
    next.restore([JSON.stringify(it.open)]);
    const [verdict] = round(it);
    t.match(verdict?.ban, { jail: 'recidive', reason: /^3 bans in 2s, the last: a: 1 failure, the last: / });
    t.equal(verdict?.ban.prefix.text, '192.0.2.7');
    later.now = state.now;
    t.match(round(next), [{ ban: { jail: 'recidive' } }], 'it goes on where the other one was');
    t.same(it.relapses([verdict as BanVerdict]), [], 'its own bans do not count');
  },
);
