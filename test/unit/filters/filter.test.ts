import t from 'tap';
import { compileFilter, type Filter } from '../../../src/filters/filter.js';
import type { Failure } from '../../../src/model/street.js';

const NOW = Date.parse('2026-11-21T02:00:00Z');

function filterOf(failregex: string[], ignoreregex: string[] = []): Filter {
  return compileFilter({ name: 'x', origin: '/x.conf', failregex, ignoreregex }, { clock: () => NOW });
}

const match = (filter: Filter, text: string): Failure | undefined => filter.match({ text, source: 'log', position: 0 });

t.test('the first that hits wins, in the line without its date', async (t) => {
  const filter = filterOf(['^ a (?P<x>\\w+) <HOST>$', '^ a b <HOST>$', '^\\[\\] c <HOST>']);
  const failure = match(filter, '2026-11-21T01:59:00Z a b 192.0.2.7');
  t.equal(failure?.prefix.text, '192.0.2.7');
  t.equal(failure?.time, NOW - 60_000);
  t.equal(failure?.line.text, '2026-11-21T01:59:00Z a b 192.0.2.7');
  t.equal(match(filter, '[2026-11-21T01:59:00Z] c 192.0.2.8')?.prefix.text, '192.0.2.8');
  t.equal(match(filter, '2026-11-21T01:59:00Z d 192.0.2.7'), undefined);
  t.equal(filter.name, 'x');
});

t.test('times', async (t) => {
  const filter = filterOf(['x <HOST>']);
  const time = (date: string): number => (match(filter, `${date} x 192.0.2.7`) as Failure).time - NOW;
  t.equal(time(''), 0, 'no date');
  t.equal(time('Feb 30 00:00:00'), 0, 'no such date');
  t.equal(time('2026-11-21T02:01:00Z'), 60_000, 'a clock that is a minute ahead');
  t.equal(time('2026-11-21T02:01:01Z'), 0, 'a clock that is wrong');
  t.equal(time('2026-11-20T02:00:00Z'), -86_400_000);
});

t.test('ignoreregex takes back', async (t) => {
  const filter = filterOf(['x <HOST>'], ['ours', '^ y']);
  t.equal(match(filter, 'x 192.0.2.7 ours'), undefined);
  t.ok(match(filter, 'x 192.0.2.7'));
  t.equal(match(filter, 'ours'), undefined);
  t.equal(filter.ignored, 1);
});

t.test('who can be blamed', async (t) => {
  const filter = filterOf(['x <HOST>$', '^nobody(?: <ADDR>)?$']);
  const table: [string, string | undefined][] = [
    ['x [2001:DB8::7]', '2001:db8::7'],
    ['x ::ffff:192.0.2.7', '192.0.2.7'],
    ['x fe80::1%eth0', 'fe80::1'],
    ['x host.example.org', undefined],
    ['x 999.1.1.1', undefined],
    ['nobody', undefined],
  ];
  for (const [text, address] of table) t.equal(match(filter, text)?.prefix.text, address, text);
  t.match(filter, { unresolved: 1, invalid: 2 });
});

t.test('what cannot be compiled', async (t) => {
  t.throws(() => filterOf(['x']), { code: 'filter', message: /^\/x\.conf: regular expression 'x': it has neither/ });
  t.throws(() => filterOf(['<HOST>'], ['(?>a)']), { code: 'filter', message: /^\/x\.conf: .* is not supported$/ });
});
