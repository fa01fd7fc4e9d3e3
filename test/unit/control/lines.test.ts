import { Readable } from 'node:stream';
import t from 'tap';
import { lines } from '../../../src/control/lines.js';

const bytes = (...parts: (string | Buffer)[]): Readable => Readable.from(parts.map((part) => Buffer.from(part)));

async function read(...parts: (string | Buffer)[]): Promise<string[]> {
  const all: string[] = [];
  for await (const group of lines(bytes(...parts), 1024)) all.push(...group);
  return all;
}

t.test('lines, wherever the parts are cut', async (t) => {
  const text = 'one\ntwo\r\n\n# three\nfour';
  for (let size = 1; size <= text.length; size++) {
    const parts = text.match(new RegExp(`[^]{1,${size}}`, 'g')) as string[];
    t.same(await read(...parts), ['one', 'two\r', '', '# three', 'four'], `parts of ${size}`);
  }
});

t.test('a last line with and without its end', async (t) => {
  t.same(await read('a\nb\n'), ['a', 'b']);
  t.same(await read('a\nb'), ['a', 'b']);
  t.same(await read(), []);
  t.same(await read('\n'), ['']);
});

t.test('a line without end costs no memory, and is still one line', async (t) => {
  const found = await read('a\n', ...Array.from({ length: 100 }, () => 'x'.repeat(10_000)), '\nb\n');
  t.same([found[0], found[2], found.length], ['a', 'b', 3]);
  t.ok((found[1] as string).length < 12_000, `${found[1]?.length} characters`);
});

t.test('a long line that comes in one part is cut too', async (t) => {
  const [long, after] = await read(`${'x'.repeat(50_000)}\nb\n`);
  t.equal(long?.length, 1024);
  t.equal(after, 'b');
});
