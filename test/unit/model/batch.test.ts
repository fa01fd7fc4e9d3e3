import t from 'tap';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Change } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;

const adds = (count: number): Change[] =>
  Array.from({ length: count }, (_, index) => ({
    verb: 'add',
    prefix: Prefix.parse(`192.0.2.${index}`),
    until: NOW + 60_000,
  }));

t.test('a batch prints itself', async (t) => {
  const changes: Change[] = [
    { verb: 'add', prefix: Prefix.parse('192.0.2.7'), until: NOW + 3_600_000 },
    { verb: 'add', prefix: Prefix.parse('192.0.2.0/24'), until: null },
    { verb: 'remove', prefix: Prefix.parse('2001:db8::1') },
  ];
  const batch = new Batch(changes, NOW);
  t.equal(batch.size, 3);
  t.equal(batch.now, NOW);
  t.equal(String(batch), 'add 192.0.2.7 for 1h\nadd 192.0.2.0/24 for ever\nremove 2001:db8::1');
});

t.test('an add says its scope', async (t) => {
  const change: Change = { verb: 'add', prefix: Prefix.parse('192.0.2.7'), until: null, scope: Scope.parse('tcp/22') };
  t.equal(String(new Batch([change], NOW)), 'add 192.0.2.7 tcp/22 for ever');
});

t.test('an add whose time is over says so', async (t) => {
  const late: Change = { verb: 'add', prefix: Prefix.parse('192.0.2.7'), until: NOW - 1 };
  t.equal(String(new Batch([late], NOW)), 'add 192.0.2.7 for 0ms');
});

t.test('a long batch prints twenty lines and counts the rest', async (t) => {
  t.equal(String(new Batch(adds(20), NOW)).split('\n').length, 20);
  const lines = String(new Batch(adds(23), NOW)).split('\n');
  t.equal(lines.length, 21);
  t.equal(lines[20], '... and 3 more');
});

t.test('an empty batch prints nothing', async (t) => {
  t.equal(String(new Batch([], NOW)), '');
});

t.test('halves keep every change, the order and the time', async (t) => {
  for (const count of [2, 3, 10, 11]) {
    const batch = new Batch(adds(count), NOW);
    const [first, second] = batch.halves();
    t.strictSame([...first.changes, ...second.changes], batch.changes);
    t.ok(first.size >= 1 && second.size >= 1 && Math.abs(first.size - second.size) <= 1, `${count} in two`);
    t.equal(first.now, NOW);
    t.equal(second.now, NOW);
  }
});

t.test('some of it, and what is folded into what', async (t) => {
  const [one, other] = adds(2) as [Change, Change];
  const fold: Change = { verb: 'remove', prefix: other.prefix, foldedInto: Prefix.parse('10.0.0.0/24') };
  const batch = new Batch([one, fold], NOW);
  t.equal(String(batch), `add ${one.prefix} for 1m\nremove ${other.prefix} folded into 10.0.0.0/24`);
  const only = batch.only(({ verb }) => verb === 'remove');
  t.strictSame([only.changes, only.now], [[fold], NOW]);
});
