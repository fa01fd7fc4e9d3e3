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
    t.equal(lines.size, kept + 1);
    t.same(
      lines.take('192.0.2.7'),
      Array.from({ length: kept }, (_, index) => `line ${13 - kept + index}`),
    );
    t.same(lines.take('192.0.2.7'), [], 'they are forgotten');
    t.equal(lines.size, 1);
  }
});

t.test('a long line is cut', async (t) => {
  const lines = new Lines(5);
  lines.add('192.0.2.7', 'x'.repeat(500));
  lines.add('192.0.2.7', 'é☃'.repeat(30_000));
  t.same(lines.take('192.0.2.7'), ['x'.repeat(500), 'é☃'.repeat(250)]);
});

t.test('who failed least recently is forgotten first', async (t) => {
  const lines = new Lines(5, 4);
  for (const key of ['a', 'b', 'a', 'c', 'd']) lines.add(key, `of ${key}`);
  t.same(
    ['a', 'b', 'c', 'd'].map((key) => lines.take(key).length),
    [2, 0, 1, 1],
  );
  t.equal(lines.size, 0);
});
