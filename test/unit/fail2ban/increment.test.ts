import t from 'tap';
import { Configuration } from '../../../src/fail2ban/configuration.js';
import { type Increment, incrementOf } from '../../../src/fail2ban/increment.js';
import { parseIni } from '../../../src/fail2ban/ini.js';
import { JailOptions } from '../../../src/fail2ban/jail-options.js';

const of = (...lines: string[]): Increment =>
  incrementOf(new JailOptions(Configuration.of([parseIni(['[a]', ...lines].join('\n'), '/j')]), 'a', () => undefined));

t.test('nothing', async (t) => {
  t.same(of(), { enabled: false, multipliers: [], overalljails: false });
  t.same(of('bantime.factor =', 'bantime.maxtime =', 'bantime.multipliers ='), of());
});

t.test('everything', async (t) => {
  const lines = [
    'increment = on',
    'factor = 2.0 / 2.885385',
    'formula = ban.Time * 2',
    'multipliers = 1 5  30',
    'maxtime = 5w',
  ];
  const more = ['rndtime = 2m', 'overalljails = true'];
  t.same(of(...[...lines, ...more].map((line) => `bantime.${line}`)), {
    enabled: true,
    factor: '2.0 / 2.885385',
    formula: 'ban.Time * 2',
    multipliers: [1, 5, 30],
    maxtime: 5 * 7 * 86_400,
    rndtime: 120,
    overalljails: true,
  });
});

t.test('faults', async (t) => {
  const message = "/j:2: bantime.multipliers = 1 2.5: '2.5' is no whole number; write 1 2 4 8";
  t.throws(() => of('bantime.multipliers = 1 2.5'), { code: 'config', message });
  t.throws(() => of('bantime.maxtime = x y'), { message: /^\/j:2: bantime\.maxtime: / });
});
