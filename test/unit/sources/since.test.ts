import { closeSync, openSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { firstSince, type IsOld } from '../../../src/sources/since.js';
import { at } from './followed.js';

/** What is at the offset that was found, and how many lines were asked. */
function search(t: Test, text: string, isOld: IsOld): { rest: string; asked: number } {
  const path = at(t, {});
  writeFileSync(path, text);
  const descriptor = openSync(path, 'r');
  let asked = 0;
  const offset = firstSince(descriptor, text.length, (line) => {
    asked++;
    t.notOk(line.includes('\n'));
    return isOld(line);
  });
  closeSync(descriptor);
  return { rest: text.slice(offset), asked };
}

/** Lines of a number and filling. */
const log = (count: number, filling = 50): string =>
  Array.from({ length: count }, (_, i) => `${i} ${'x'.repeat(filling)}\n`).join('');

const before =
  (limit: number): IsOld =>
  (line) => {
    const number = Number.parseInt(line.toString('latin1', 0, 12), 10);
    return Number.isNaN(number) ? undefined : number < limit;
  };

t.test('a small log is read line by line', async (t) => {
  for (const limit of [0, 1, 5, 9, 10]) {
    const { rest } = search(t, log(10), before(limit));
    t.equal(rest, log(10).split('\n').slice(limit).join('\n'));
  }
  t.equal(search(t, '', before(0)).rest, '');
  t.equal(search(t, 'unfinished', before(0)).rest, 'unfinished');
});

t.test('of a large one few lines are asked', async (t) => {
  const text = log(100_000);
  for (const limit of [0, 1, 777, 50_000, 99_999, 100_000]) {
    const { rest, asked } = search(t, text, before(limit));
    t.equal(rest.slice(0, 9), text.slice(text.length - rest.length).slice(0, 9));
    t.equal(Number.parseInt(rest, 10) || limit, limit);
    t.ok(asked < 2500, `${asked} of 100,000`);
  }
});

t.test('lines without a time are passed over only where an old one follows', async (t) => {
  const text = '1\n  more of it\n2\n  more of it\n3\n';
  t.equal(search(t, text, before(3)).rest, '  more of it\n3\n');
  t.equal(search(t, text, before(1)).rest, text);
  t.equal(search(t, '  no\n  time\n', before(1)).rest, '  no\n  time\n');
});

t.test('where nothing tells its time, more is read rather than less', async (t) => {
  const dumb = '-\n'.repeat(200_000);
  const { rest } = search(t, `${log(1000)}${dumb}`, before(1000));
  t.ok(rest.length >= dumb.length);
  t.equal(search(t, `${'y'.repeat(300_000)}\n${log(10)}`, before(5)).rest.length, 300_001 + log(10).length);
});
