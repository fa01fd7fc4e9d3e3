import t from 'tap';
import { structuredEnd } from '../../../src/sources/syslog-structured.js';

t.test('where it ends', async (t) => {
  const table: [text: string, end: number | undefined][] = [
    ['-', 1],
    ['- text', 1],
    ['[a]', 3],
    ['[a] text', 3],
    ['[a b="c"][d e="f"] text', 18],
    ['[a b="] [x"] y', 12],
    ['[a b="\\"] "] y', 12],
    ['[a b="\\\\"] y', 10],
    ['', undefined],
    ['text', undefined],
    ['-text', undefined],
    ['[a', undefined],
    ['[a b="c]', undefined],
    ['[a b="c\\', undefined],
    ['[a]text', undefined],
    ['[a][b', undefined],
  ];
  for (const [text, end] of table) t.equal(structuredEnd(`>${text}`, 1), end === undefined ? end : end + 1, text);
});

t.test('takes one pass', async (t) => {
  const started = process.cpuUsage().user;
  for (const text of ['['.repeat(65_000), '[a "'.repeat(16_000), '[a]'.repeat(21_000), '"\\'.repeat(30_000)]) {
    structuredEnd(`[${text}`, 0);
  }
  t.ok(process.cpuUsage().user - started < 1_000_000);
});
