import t from 'tap';
import { Screen } from '../../../src/daemon/screen.js';
import { Lockout } from '../../../src/guard/lockout.js';
import { Prefix } from '../../../src/model/prefix.js';
import { ban } from '../../jail.js';
import { LIMITS, NO_FACTS } from '../../service.js';

t.test('verdicts leave in their order, with their progress, and without those that would cut something', async (t) => {
  const lockout = new Lockout({ ...NO_FACTS, own: [Prefix.parse('192.0.2.1')] }, LIMITS);
  const looks: (() => void)[] = [];
  const entered: string[] = [];
  const refused: string[] = [];
  const screen = new Screen<string>({
    guard: { known: undefined, look: () => new Promise((resolve) => looks.push(() => resolve(lockout))) },
    enforce: async (verdicts, progress) =>
      entered.push(`${progress}: ${verdicts.map(({ ban: { prefix } }) => prefix)}`),
    lift: async () => t.fail('nothing is to be lifted'),
    refused: (sentence) => refused.push(sentence),
  });
  const lost = () => undefined;
  await screen.enforce([], 'zero', lost);
  t.same(entered, ['zero: '], 'progress alone waits for nobody');
  const first = screen.enforce([ban('192.0.2.1', 'sshd'), ban('192.0.2.2')], 'one', lost);
  const second = screen.enforce([ban('192.0.2.3')], 'two', lost);
  const third = screen.enforce([], 'three', lost);
  for (const look of looks.reverse()) look();
  await Promise.all([first, second, third, screen.idle()]);
  t.same(entered.slice(1), ['one: 192.0.2.2', 'two: 192.0.2.3', 'three: ']);
  t.match(refused, [/^192\.0\.2\.1 is not banned by jail sshd: 192\.0\.2\.1 is this machine's own address/]);
});

t.test('known facts judge at once, and what newer ones speak against is lifted', async (t) => {
  const known = new Lockout({ ...NO_FACTS, own: [Prefix.parse('192.0.2.1')] }, LIMITS);
  const newer = new Lockout({ ...NO_FACTS, gateways: [Prefix.parse('192.0.2.2')] }, LIMITS);
  let look = (_: Lockout): void => undefined;
  const looked = new Promise<Lockout>((resolve) => {
    look = resolve;
  });
  const done: string[] = [];
  const refused: string[] = [];
  const screen = new Screen<string>({
    guard: { known, look: () => looked },
    enforce: async (verdicts) => done.push(`ban ${verdicts.map(({ ban: { prefix } }) => prefix)}`),
    lift: async (verdicts) => done.push(`lift ${verdicts.map(({ prefix, jail }) => `${prefix} of ${jail}`)}`),
    refused: (sentence) => refused.push(sentence),
  });
  await screen.enforce(
    ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((text) => ban(text, 'sshd')),
    '',
    () => undefined,
  );
  t.same(done, ['ban 192.0.2.2,192.0.2.3'], 'before anybody has looked again');
  look(newer);
  await screen.idle();
  t.same(done.slice(1), ['lift 192.0.2.2 of sshd']);
  t.match(refused, [/^192\.0\.2\.1 is not banned/, /^192\.0\.2\.2 is not banned by jail sshd: .* default gateway/]);
});
