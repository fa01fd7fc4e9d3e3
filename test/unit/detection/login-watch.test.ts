import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { Guard } from '../../../src/detection/guard.js';
import { Lane } from '../../../src/detection/lane.js';
import { LoginWatch, type LoginWatchOptions } from '../../../src/detection/login-watch.js';
import type { Overrun } from '../../../src/detection/offences.js';
import type { Attempt } from '../../../src/filters/filter.js';
import { chunk, definition, EVIL, EXPONENTIAL, jail, line, NOW } from '../../jail.js';

function watch(config: JailConfig, more: Partial<LoginWatchOptions> = {}) {
  const told: (string | number)[][] = [];
  const overruns: Overrun[] = [];
  const attempt: Attempt = { compiled: undefined };
  const it = new LoginWatch(config, {
    ...{ now: () => NOW, attempt, onOverrun: (overrun) => overruns.push(overrun) },
    onLogin: (prefix, time) => told.push([prefix.text, time]),
    ...more,
  });
  const lane = new Lane([it], new Guard(), attempt);
  const read = (text: string): number => [...lane.judge(chunk(text))].flat().length;
  return { it, told, overruns, read };
}

const ssh = (what: string, address: string, time?: number): string =>
  line(`host sshd[9]: ${what} for ann from ${address} port 22 ssh2`, time);

t.test('who has logged in, by the log, and nobody is banned', async (t) => {
  const { it, told, read } = watch(jail('sshd'));
  const text = ssh('Accepted password', '192.0.2.1', NOW - 5000) + ssh('Failed password', '192.0.2.2');
  t.equal(read(text + ssh('Accepted publickey', '2001:db8::1')), 0);
  t.same(told, [
    ['192.0.2.1', NOW - 5000],
    ['2001:db8::1', NOW],
  ]);
  t.equal(it.lines, 3);
});

t.test("the jail's own expressions, its dates and its text; or others", async (t) => {
  const successregex = ['^ welcome <ADDR>$'];
  const own = watch(jail('door', { successregex, filter: definition([], { datepattern: 'EPOCH' }) }));
  own.read(`${NOW / 1000 - 7} welcome 192.0.2.1\n`);
  t.same(own.told, [['192.0.2.1', NOW - 7000]]);
  const other = watch(jail('door', { successregex }), { own: { texts: ['^ hello <ADDR>$'], origin: '--success' } });
  other.read(line('welcome 192.0.2.1') + line('hello 192.0.2.2'));
  t.same(other.told, [['192.0.2.2', NOW]]);
});

t.test('a piece of an address is nobody', async (t) => {
  const { told, read } = watch(jail('door', { successregex: ['^ welcome .*<ADDR>$'] }));
  read(line('welcome to 192.0.2.17'));
  t.same(told, []);
});

t.test('an expression that runs out of its time is told, and set aside', async (t) => {
  const { overruns, read } = watch(jail('door', { successregex: [EXPONENTIAL] }));
  read(line(EVIL).repeat(4));
  t.same(
    overruns.map(({ jail: name, isLast }) => [name, isLast]),
    [
      ['door', false],
      ['door', false],
      ['door', true],
    ],
  );
});

t.test('an expression that cannot be used', async (t) => {
  t.throws(() => watch(jail('door', { successregex: ['('] })), { code: 'filter', message: /jail door/ });
});
