import t from 'tap';
import type { JailConfig } from '../../../src/config/types.js';
import { oldness } from '../../../src/detection/old.js';
import { definition, jail, line, NOW } from '../../jail.js';

const MINUTE = 60_000;
const since: JailConfig['sources'] = [{ kind: 'file', pattern: '/a', start: 'since' }];
const old = (jails: readonly JailConfig[]) => {
  const isOld = oldness(jails, () => NOW);
  return (text: string) => isOld(Buffer.from(text));
};

t.test('older than findtime', async (t) => {
  const isOld = old([jail('a', { sources: since })]);
  t.equal(isOld(line('x', NOW)), false);
  t.equal(isOld(line('x', NOW - 10 * MINUTE)), false);
  t.equal(isOld(line('x', NOW - 10 * MINUTE - 1)), true);
  t.equal(isOld('x without a date\n'), undefined);
  t.equal(isOld(''), undefined);
});

t.test('the longest findtime counts, of those jails that begin with what was lately', async (t) => {
  const long = { findtime: 60 * MINUTE };
  t.equal(
    old([jail('a', { sources: since }), jail('b', { sources: since, ...long })])(line('x', NOW - 30 * MINUTE)),
    false,
  );
  const end: JailConfig['sources'] = [{ kind: 'file', pattern: '/a', start: 'end' }];
  t.equal(
    old([jail('a', { sources: since }), jail('b', { sources: end, ...long })])(line('x', NOW - 30 * MINUTE)),
    true,
  );
});

t.test("each jail's own date pattern and time zone: whoever finds the line young wins", async (t) => {
  const epoch = definition(['^ x <HOST>$'], { datepattern: 'EPOCH' });
  const isOld = old([jail('a', { sources: since, filter: epoch }), jail('b', { sources: since })]);
  t.equal(isOld(`${NOW / 1000} x`), false);
  t.equal(isOld(`${NOW / 1000 - 3600} x`), true);
  const text = '2026-05-04 13:55:00 x';
  t.equal(old([jail('a', { sources: since, timezone: 'UTC+0200' })])(text), false, 'five minutes ago');
  t.equal(old([jail('a', { sources: since, timezone: 'UTC+0500' })])(text), true);
  const both = [
    jail('a', { sources: since, timezone: 'UTC+0500' }),
    jail('b', { sources: since, timezone: 'UTC+0200' }),
  ];
  t.equal(old(both)(text), false);
});

t.test('nobody who asks', async (t) => {
  t.equal(old([])(line('x', 0)), undefined);
});

t.test('the beginning of a long line is enough', async (t) => {
  const isOld = old([jail('a', { sources: since })]);
  t.equal(isOld(`${line('', NOW - 60 * MINUTE).trim()} ${'x'.repeat(100_000)}`), true);
  t.equal(isOld(`${'x'.repeat(100_000)} ${line('', NOW - 60 * MINUTE)}`), undefined);
});
