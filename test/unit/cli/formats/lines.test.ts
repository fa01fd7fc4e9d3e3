import t from 'tap';
import { LONGEST_LINE, type NumberedLine, splitLines } from '../../../../src/cli/formats/lines.js';

async function all(...parts: string[]): Promise<NumberedLine[]> {
  async function* text() {
    yield* parts;
  }
  const found: NumberedLine[] = [];
  for await (const lines of splitLines(text())) found.push(...lines);
  return found;
}

t.test('lines with their numbers, wherever the parts are cut', async (t) => {
  const text = 'a\n\nbc\r\nd';
  for (let at = 0; at <= text.length; at++) {
    t.same(await all(text.slice(0, at), text.slice(at)), [
      { number: 1, text: 'a' },
      { number: 2, text: '' },
      { number: 3, text: 'bc\r' },
      { number: 4, text: 'd' },
    ]);
  }
  t.same(await all('a\n'), [{ number: 1, text: 'a' }]);
  t.same(await all(), []);
});

t.test('what is too long is cut, and costs no memory', async (t) => {
  const found = await all(...Array.from({ length: 100 }, () => 'x'.repeat(LONGEST_LINE)), '\nb\n');
  t.same(
    found.map(({ number, text }) => [number, text.length]),
    [
      [1, LONGEST_LINE],
      [2, 1],
    ],
  );
});
