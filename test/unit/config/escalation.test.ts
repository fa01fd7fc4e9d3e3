import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { escalationFrom, notEvaluated } from '../../../src/config/escalation.js';
import { resolve } from '../../../src/config/resolve.js';
import type { Increment } from '../../../src/fail2ban/increment.js';

const MINUTE = 60_000;

const read = (value: string) =>
  parseSettings(`[jail.a]\nlogpath = "/a"\nescalation = ${value}`, 'x.toml').jails[0]?.escalation;

t.test('how bans grow, as it is written', async (t) => {
  const none = { random: 0, across: false };
  t.strictSame(read('{}'), { growth: { kind: 'factor', factor: 2, scale: 1 }, ...none });
  t.strictSame(read('{ factor = 1.5, max = "30d", decay = "1h", random = 0.1, across = true }'), {
    growth: { kind: 'factor', factor: 1.5, scale: 1 },
    ...{ max: 30 * 86_400_000, decay: 60 * MINUTE, random: 0.1, across: true },
  });
  t.strictSame(read('{ multipliers = [1, 5.5, 30] }'), {
    growth: { kind: 'multipliers', multipliers: [1, 5.5, 30] },
    ...none,
  });
  t.strictSame(read('{ durations = ["10m", 3600, "never"] }'), {
    growth: { kind: 'durations', durations: [10 * MINUTE, 60 * MINUTE, null] },
    ...none,
  });
});

t.test('what is wrong is told', async (t) => {
  t.throws(() => read('true'), /escalation: found true; expected a table such as \{ factor = 2, max = "30d" \}/);
  t.throws(() => read('{ faktor = 2 }'), /escalation\.faktor: unknown; did you mean 'factor'\?/);
  t.throws(() => read('{ factor = 0.5 }'), /expected a number from 1 to 1000/);
  t.throws(() => read('{ multipliers = [] }'), /expected a list of 1 to 100 numbers/);
  t.throws(() => read('{ decay = 0 }'), /decay: found 0; expected a time/);
  t.throws(() => read('{ random = 2 }'), /expected a number from 0 to 1/);
  t.throws(() => read('{ factor = 2, durations = ["1h"] }'), /has factor and durations; expected one of them/);
});

const increment = (more: Partial<Increment> = {}): Increment => ({
  ...{ enabled: true, multipliers: [], overalljails: false },
  ...more,
});

const multipliers = (more: Partial<Increment>): readonly number[] => {
  const growth = escalationFrom(increment(more))?.growth;
  return growth?.kind === 'multipliers' ? growth.multipliers : [];
};

t.test("fail2ban's bantime.increment and its companions", async (t) => {
  t.equal(escalationFrom(increment({ enabled: false })), undefined);
  t.same(multipliers({}).slice(0, 5), [1, 2, 4, 8, 16]);
  t.equal(multipliers({}).at(-1), 2 ** 20);
  t.same(multipliers({ factor: '3' }).slice(0, 3), [1, 6, 12]);
  t.same(multipliers({ multipliers: [1, 5, 30] }), [1, 5, 30]);
  t.same(multipliers({ multipliers: [4], factor: '0.5' }), [1, 2]);
  t.match(escalationFrom(increment({ maxtime: 3600, rndtime: 90, overalljails: true })), {
    ...{ max: 60 * MINUTE, rndtime: 90_000, random: 0, across: true },
  });
});

t.test('programs are named and not run', async (t) => {
  const formula = 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor';
  t.equal(notEvaluated(increment({ formula, factor: '2' })), undefined);
  t.equal(notEvaluated(increment({ formula: 'ban.Time * math.exp(1)' })), 'bantime.formula = ban.Time * math.exp(1)');
  t.equal(notEvaluated(increment({ formula: 'x', multipliers: [1, 2] })), undefined);
  t.equal(notEvaluated(increment({ factor: '2.0 / 2.885385' })), 'bantime.factor = 2.0 / 2.885385');
  t.equal(notEvaluated(increment({ enabled: false, formula: 'x' })), undefined);
  t.same(multipliers({ factor: '2.0 / 2.885385' }).slice(0, 3), [1, 2, 4]);
});

t.test('prefixes, of everybody and of one jail, and a jail that counts those of others', async (t) => {
  const settings = parseSettings(
    '[prefix]\nipv6 = 56\n[jail.a]\nlogpath = "/a"\n[jail.b]\nrecidive = "*"\nprefix = { ipv4 = 24 }\n[jail.c]\nrecidive = ["a"]',
    'x.toml',
  );
  t.strictSame(settings.prefix, { 4: 32, 6: 56 });
  t.strictSame(
    settings.jails.map(({ prefix, distinct, recidive }) => ({ prefix, distinct, recidive })),
    [
      { prefix: undefined, distinct: undefined, recidive: undefined },
      { prefix: { 4: 24 }, distinct: true, recidive: ['*'] },
      { prefix: undefined, distinct: undefined, recidive: ['a'] },
    ],
  );
  const { jails } = resolve({ ...settings, jails: settings.jails.slice(1) });
  t.strictSame(
    jails.map(({ prefix }) => prefix),
    [
      { 4: 24, 6: 56 },
      { 4: 32, 6: 56 },
    ],
  );
  t.throws(
    () => parseSettings('[prefix]\nipv4 = 8', 'x.toml'),
    /prefix\.ipv4: found 8; expected a whole number from 16 to 32/,
  );
});
