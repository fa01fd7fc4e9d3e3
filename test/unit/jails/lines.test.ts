import t from 'tap';
import { Lines } from '../../../src/jails/lines.js';

t.test('the last lines of each address, as many as make a ban, ten at most', async (t) => {
  for (const [maxretry, kept] of [
    [1, 1],
    [3, 3],
    [50, 10],
  ] as const) {
    const lines = new Lines(maxretry);
    for (let line = 1; line <= 12; line++) lines.add('192.0.2.7', `line ${line}`);
    lines.add('192.0.2.8', 'another');
    t.same(
      lines.take('192.0.2.7'),
      Array.from({ length: kept }, (_, index) => `line ${13 - kept + index}`),
    );
    t.same(lines.take('192.0.2.7'), [], 'they are forgotten');
    t.same(lines.take('192.0.2.8'), ['another']);
  }
});

t.test('a long line is cut', async (t) => {
  const lines = new Lines(5);
  lines.add('192.0.2.7', 'x'.repeat(500));
  lines.add('192.0.2.7', 'é☃'.repeat(30_000));
  t.same(lines.take('192.0.2.7'), ['x'.repeat(500), 'é☃'.repeat(250)]);
});

t.test('who failed least recently is forgotten first', async (t) => {
  const lines = new Lines(5, 6);
  for (const key of ['a', 'b', 'c', 'd', 'a', 'e', 'f', 'g']) lines.add(key, `of ${key}`);
  t.same(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => lines.take(key).length),
    [2, 0, 0, 0, 1, 1, 1],
  );
});

t.test('there are never more than there is room for, and what is taken makes room', async (t) => {
  const lines = new Lines(10, 100);
  const keys = Array.from({ length: 1_000 }, (_, index) => `10.0.0.${(index * 7) % 50}`);
  for (const key of keys) lines.add(key, 'x');
  const kept = keys.reduce((sum, key) => sum + lines.take(key).length, 0);
  t.ok(kept > 50 && kept <= 110, `${kept} lines`);
  for (let round = 0; round < 1_000; round++) {
    lines.add('192.0.2.7', 'x');
    lines.add('192.0.2.8', 'x');
    t.same(lines.take('192.0.2.8'), ['x']);
  }
  t.equal(lines.take('192.0.2.7').length, 10);
});
