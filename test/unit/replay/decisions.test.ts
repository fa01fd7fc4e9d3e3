import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Engine } from '../../../src/detection/engine.js';
import { Never } from '../../../src/jails/never.js';
import { Terms } from '../../../src/jails/terms.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import type { Escalation } from '../../../src/model/escalation.js';
import { Prefix } from '../../../src/model/prefix.js';
import { chunk, definition, line, NOW } from '../../jail.js';
import { Random } from '../../random.js';
import { ago, knock, MINUTE, reads, replayed } from '../../replayed.js';

const DOUBLING: Escalation = { growth: { kind: 'factor', factor: 2, scale: 1 }, random: 0, across: false };

const counts = (name: string, more: Partial<JailConfig> = {}): JailConfig =>
  reads(name, 'none', { filter: definition([]), sources: [], recidive: ['*'], findtime: 600 * MINUTE, ...more });

/** An hour's log of attackers who come again and again, from a few networks. */
function attack(random: Random): { text: string; times: number[] } {
  const times: number[] = [];
  let now = NOW - 900 * MINUTE;
  const lines = Array.from({ length: 2500 }, () => {
    now += random.below(30) * 1000;
    times.push(now);
    return knock(`192.0.${random.below(6)}.${random.below(16)}`, now);
  });
  return { text: lines.join(''), times };
}

/** The stages of the service one behind the other: engine, what follows from bans, terms by the ledger; nothing comes of who is banned. */
function live(configs: readonly JailConfig[], text: string, times: readonly number[]): string[] {
  let now = times[0] as number;
  const never = new Never([]);
  const engine = new Engine(configs, { never, now: () => now, report: () => undefined, onLate: () => undefined });
  const ledger = Ledger.open(':memory:', { clock: () => now });
  const failed = (thrown: unknown): never => {
    throw thrown;
  };
  const terms = new Terms({ ledger, jails: () => configs, random: () => 0, failed });
  const said: string[] = [];
  for (const [index, one] of text.trimEnd().split('\n').entries()) {
    now = times[index] as number;
    const address = Prefix.parse(one.split(' ').at(-1) as string);
    if ([address, address.widened(24)].some((prefix) => ledger.bansOf(prefix).length > 0)) continue;
    const found = [...engine.judge(chunk(`${one}\n`), ['door'])].flat();
    const verdicts = terms.of([...found, ...engine.relapses(found)]);
    ledger.record(verdicts);
    for (const { ban } of verdicts) said.push(`${ban.jail} ${ban.prefix} ${ban.since} ${ban.until} ${ban.reason}`);
  }
  ledger.close();
  return said;
}

t.test('the same bans as the service: they grow, and are counted by jails that count bans', async (t) => {
  const { text, times } = attack(new Random(3));
  const configs = [
    reads('door', 'log', { maxretry: 3, findtime: 30 * MINUTE, bantime: 5 * MINUTE, escalation: DOUBLING }),
    counts('again', { maxretry: 3, bantime: 60 * MINUTE, escalation: { ...DOUBLING, across: true } }),
    counts('net', { maxretry: 4, bantime: 30 * MINUTE, prefix: { 4: 24, 6: 64 }, distinct: true }),
  ];
  const { bans } = await replayed(t, configs, { log: text });
  const told = bans.map((ban) => `${ban.jail} ${ban.prefix} ${ban.since} ${ban.until} ${ban.reason}`);
  for (const what of [/^door .* return 4: /, /^again .*3 bans in/, /^net 192\.0\.\d\.0\/24 .*4 bans in/]) {
    t.ok(
      told.some((ban) => what.test(ban)),
      `${what}`,
    );
  }
  t.same(told, live(configs, text, times));
});

t.test('what is forgotten makes no ban longer', async (t) => {
  const config = reads('door', 'log', { maxretry: 1, bantime: MINUTE, escalation: DOUBLING });
  const day = 24 * 60;
  const text = [400, 399, 200, 10, 9].map((days) => knock('192.0.2.1', ago(days * day))).join('');
  const { bans } = await replayed(t, [config], { log: text });
  const minutes = bans.map(({ since, until }) => ((until as number) - since) / MINUTE);
  t.same(minutes, [1, 2, 1, 1, 2]);
});

t.test('of who is never banned nothing follows', async (t) => {
  const configs = [reads('door', 'log', { maxretry: 1 }), counts('again', { maxretry: 1 })];
  const { bans, replay } = await replayed(t, configs, { log: knock('203.0.113.5', ago(60)) });
  t.match(bans, [{ jail: 'door', never: /never-rule/ }]);
  t.equal(bans.length, 1);
  t.same(
    replay.watches.map(({ config }) => config.name),
    ['door', 'again'],
  );
});

t.test('a jail that counts bans is asked only where it is wanted, and reads no log itself', async (t) => {
  const configs = [reads('door', 'log', { maxretry: 1 }), counts('again', { maxretry: 1 })];
  const text = knock('192.0.2.1', ago(60)) + line('nothing', ago(2));
  const names = async (jails: readonly string[]) =>
    (await replayed(t, configs, { log: text }, { jails })).bans.map(({ jail }) => jail);
  t.same(await names([]), ['door', 'again']);
  t.same(await names(['door']), ['door']);
  t.same(await names(['door', 'again']), ['door', 'again']);
  await t.rejects(names(['again']), {
    message: /^again counts bans of others, and no lines; name one with --jail\n {2}door reads /,
  });
});
