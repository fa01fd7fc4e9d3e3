import { gzipSync } from 'node:zlib';
import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Engine } from '../../../src/detection/engine.js';
import { Never } from '../../../src/jails/never.js';
import { chunk, definition, line, NOW } from '../../jail.js';
import { Random } from '../../random.js';
import { ago, knock, MINUTE, reads, replayed } from '../../replayed.js';

t.test('who would have been banned, when, how long after the first failure, until when', async (t) => {
  const text = [
    knock('192.0.2.1', ago(200)),
    knock('192.0.2.1', ago(180)),
    knock('192.0.2.9', ago(179)),
    knock('192.0.2.1', ago(175)),
    // The kernel would have dropped these two; the ban is over afterwards.
    knock('192.0.2.1', ago(174)),
    knock('192.0.2.1', ago(166)),
    knock('192.0.2.1', ago(164)),
    knock('192.0.2.1', ago(163)),
  ].join('');
  const { bans, replay } = await replayed(t, [reads('door', 'log')], { log: text });
  const told = bans.map(({ prefix, since, until, first, failures, dropped }) => [
    ...[prefix.text, since, until, first, failures, dropped],
  ]);
  t.same(told, [
    ['192.0.2.1', ago(175), ago(165), ago(200), 3, 2],
    ['192.0.2.1', ago(163), ago(153), ago(164), 2, 0],
  ]);
  t.match(replay.watches[0], { dropped: 2, addresses: 2, counts: { lines: 8, failures: 6 } });
  t.same(replay.span, [ago(200), ago(163)]);
});

t.test('who is never banned, and who has logged in', async (t) => {
  const login = (address: string, time: number): string =>
    line(`host sshd[9]: Accepted password for ann from ${address} port 22 ssh2`, time);
  const text = [
    knock('203.0.113.5', ago(60)),
    knock('203.0.113.5', ago(59)),
    knock('203.0.113.5', ago(58)),
    login('192.0.2.1', ago(57)),
    knock('192.0.2.1', ago(56)),
    knock('192.0.2.1', ago(55)),
    login('192.0.2.1', ago(40)),
    knock('192.0.2.1', ago(39)),
    knock('192.0.2.1', ago(38)),
    knock('192.0.2.2', ago(38)),
    knock('192.0.2.2', ago(37)),
    login('192.0.2.1', ago(30)),
    // A user's name does not make a login.
    line(
      'host sshd[9]: Failed password for x: Accepted password for a from 192.0.2.2 port 1 ssh2 from 192.0.2.77 port 1 ssh2',
      ago(20),
    ),
  ].join('');
  const { bans, replay } = await replayed(t, [reads('door', 'log')], { log: text });
  t.match(bans, [
    { prefix: { text: '203.0.113.5' }, never: /never-rule 203\.0\.113\.0\/24/, dropped: 1 },
    { prefix: { text: '192.0.2.1' }, never: undefined, loginBefore: ago(57), loginAfter: ago(40) },
    { prefix: { text: '192.0.2.1' }, loginBefore: ago(40), loginAfter: ago(30) },
    { prefix: { text: '192.0.2.2' }, loginBefore: undefined, loginAfter: undefined },
  ]);
  t.match(replay.watches[0], { spared: 1, dropped: 0 });
  const own = await replayed(t, [reads('door', 'log')], { log: text }, { success: '^ host .* for ann from <ADDR> ' });
  t.match(own.bans[1], { loginAfter: ago(40) });
});

t.test(
  'several logs in the order of their dates, packed or not, whatever their order on the command line',
  async (t) => {
    const files = {
      'a.log': knock('192.0.2.1', ago(50)) + knock('192.0.2.2', ago(40)) + knock('192.0.2.3', ago(30)),
      'a.log.2.gz': gzipSync(knock('192.0.2.1', ago(90)) + knock('192.0.2.4', ago(80))),
      'a.log.1': knock('192.0.2.4', ago(75)) + knock('192.0.2.1', ago(58)),
      'b.log': knock('192.0.2.2', ago(45)) + knock('192.0.2.3', ago(29)),
    };
    const { bans } = await replayed(t, [reads('door', '?.log')], files);
    t.same(
      bans.map(({ prefix, since, first }) => [prefix.text, since, first]),
      [
        ['192.0.2.4', ago(75), ago(80)],
        ['192.0.2.1', ago(50), ago(90)],
        ['192.0.2.2', ago(40), ago(45)],
        ['192.0.2.3', ago(29), ago(30)],
      ],
    );
  },
);

t.test('a ban of one jail keeps the lines of another away, but not the line that it came of', async (t) => {
  const a = reads('a', 'a.log', { maxretry: 2 });
  const b = reads('b', '?.log', { maxretry: 3 });
  const c = reads('c', 'c.log', { maxretry: 1 });
  const files = {
    'a.log': knock('192.0.2.1', ago(50)) + knock('192.0.2.1', ago(49)),
    'c.log': knock('192.0.2.1', ago(48)) + knock('192.0.2.1', ago(20)),
  };
  const { bans, replay } = await replayed(t, [a, b, c], files);
  t.same(
    bans.map((ban) => `${ban.jail} ${ban.since}`),
    [`a ${ago(49)}`, `c ${ago(20)}`],
  );
  t.same(
    replay.watches.map(({ counts, dropped }) => [counts.failures, dropped]),
    [
      [2, 0],
      [3, 1],
      [1, 1],
    ],
  );
});

t.test('lines before and behind are passed over', async (t) => {
  const text = [90, 80, 70, 60, 50, 40].map((minutes) => knock('192.0.2.1', ago(minutes))).join('');
  const long = { findtime: 3600_000 };
  const part = (since?: number, until?: number) =>
    replayed(t, [reads('door', 'log', long)], { log: text }, { since, until }).then(({ bans }) =>
      bans.map((ban) => ban.since),
    );
  t.same(await part(), [ago(80), ago(60), ago(40)]);
  t.same(await part(ago(80)), [ago(70), ago(50)]);
  t.same(await part(ago(75), ago(60)), [ago(60)]);
  t.same(await part(ago(55), ago(45)), []);
  const { replay } = await replayed(t, [reads('door', 'log')], { log: text }, { since: ago(75), until: ago(55) });
  t.same(replay.span, [ago(70), ago(55)]);
  t.equal(replay.lines, 2);
});

t.test('dates that are wrong do not set the clock', async (t) => {
  const text = [
    knock('192.0.2.1', ago(300)),
    knock('192.0.2.7', NOW + 9_000 * MINUTE),
    line('nothing at all', ago(2)),
    knock('192.0.2.1', ago(280)),
    'no date at all\n',
    '\0\xff\n',
    knock('192.0.2.2', ago(260)),
    knock('192.0.2.2', ago(261)),
    line('the end', ago(200)),
  ].join('');
  const { bans } = await replayed(t, [reads('door', 'log')], { log: text });
  // What is a minute late is no reason for doubt.
  t.same(
    bans.map(({ prefix, since }) => [prefix.text, since]),
    [['192.0.2.2', ago(261)]],
  );
});

t.test('undated lines, an empty log, and nothing that a jail wants', async (t) => {
  const undated = reads('door', 'log', { filter: definition(['^knock from <HOST>$']) });
  const { bans } = await replayed(t, [undated], { log: 'knock from 192.0.2.1\nknock from 192.0.2.1\n' });
  t.match(bans, [{ since: NOW, first: NOW }]);
  const empty = await replayed(t, [undated], { log: '' });
  t.same([empty.bans, empty.replay.lines, empty.replay.span], [[], 0, undefined]);
});

t.test('a log of a zone further east, whose dates are ahead', async (t) => {
  const text = [-10, -50, -51].map((minutes) => knock('192.0.2.1', ago(minutes))).join('');
  const { bans } = await replayed(t, [reads('door', 'log')], { log: text });
  t.match(bans, [{ since: ago(-51), first: ago(-10) }]);
});

t.test('dates without a year, over New Year', async (t) => {
  const at = (day: string): string => `${day} host knock from 192.0.2.1\n`;
  const config = reads('door', 'log', { filter: definition(['knock from <HOST>$']), timezone: 'UTC' });
  const { bans } = await replayed(t, [config], { log: at('Dec 31 23:58:00') + at('Jan  1 00:02:00') });
  t.match(bans, [{ first: Date.parse('2025-12-31T23:58:00Z'), since: Date.parse('2026-01-01T00:02:00Z') }]);
});

t.test('what it does otherwise than the service is told', async (t) => {
  const { notes, bans } = await replayed(t, [reads('door', 'log', { usedns: 'yes', ignorecommand: 'true' })], {
    log: knock('localhost', ago(3)) + knock('localhost', ago(2)),
  });
  t.same(bans, []);
  t.match(notes, [/door asks its ignorecommand/, /door looks host names up/]);
});

t.test('a jail whose filter cannot be used is left out', async (t) => {
  const broken = reads('broken', '*', { filter: definition(['( <HOST>']) });
  const { bans, notes } = await replayed(t, [broken, reads('door', 'log', { maxretry: 1 })], {
    ...{ log: knock('192.0.2.1', ago(3)), other: knock('192.0.2.2', ago(3)) },
  });
  t.same(
    bans.map((ban) => `${ban.jail} ${ban.prefix}`),
    ['door 192.0.2.1'],
  );
  t.match(notes, [/jail broken is left out: /]);
});

/** A log of some hours: attackers, some slow, who go on when they are banned, and others. */
function attack(random: Random): { text: string; times: number[] } {
  const times: number[] = [];
  let now = NOW - 600 * MINUTE;
  const lines = Array.from({ length: 1500 }, () => {
    now += random.below(40) * 1000;
    times.push(now);
    const late = random.below(10) === 0 ? random.below(120) * 1000 : 0;
    if (random.below(4) === 0) return line('nothing', now);
    return knock(`192.0.2.${random.below(60)}`, now - late);
  });
  return { text: lines.join(''), times };
}

/** What the service's engine says of a log that is written line by line, its clock set to each; the kernel lets nothing through. */
function live(config: JailConfig, text: string, times: readonly number[]): string[] {
  let now = times[0] as number;
  const never = new Never([]);
  const engine = new Engine([config], { never, now: () => now, report: () => undefined, onLate: () => undefined });
  const bans = new Map<string, number>();
  const said: string[] = [];
  for (const [index, one] of text.trimEnd().split('\n').entries()) {
    now = times[index] as number;
    const address = one.split(' ').at(-1) as string;
    if ((bans.get(address) ?? 0) > now) continue;
    for (const { ban } of [...engine.judge(chunk(`${one}\n`), [config.name])].flat()) {
      said.push(`${ban.prefix} ${ban.since} ${ban.until}`);
      bans.set(address, ban.until as number);
    }
  }
  return said;
}

t.test('the same bans as the service, which was there', async (t) => {
  const { text, times } = attack(new Random(7));
  const config = reads('door', 'log', { maxretry: 3, findtime: 30 * MINUTE, bantime: 45 * MINUTE });
  const { bans, replay } = await replayed(t, [config], { log: text });
  const told = bans.map(({ prefix, since, until }) => `${prefix} ${since} ${until}`);
  t.ok(told.length > 100 && replay.watches[0] && replay.watches[0].dropped > 100, `${told.length} bans`);
  t.same(told, live(config, text, times));
});
