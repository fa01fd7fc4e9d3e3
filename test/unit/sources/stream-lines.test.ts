import t from 'tap';
import type { Piece } from '../../../src/sources/lines.js';
import { StreamLines } from '../../../src/sources/stream-lines.js';

/** Lines and offsets of what is pushed in pieces, the last line included, and the lengths of those that were cut. */
function split(pieces: readonly string[], maxLine = 100): { lines: [string, number][]; cut: number[] } {
  const cut: number[] = [];
  const lines: [string, number][] = [];
  const stream = new StreamLines({ maxLine, onOversized: (length) => cut.push(length) });
  const take = (piece: Piece | undefined): boolean => {
    let offset = piece?.offset ?? 0;
    for (const line of piece?.bytes.toString('latin1').split('\n').slice(0, -1) ?? []) {
      lines.push([line, offset]);
      offset += line.length + 1;
    }
    return piece !== undefined;
  };
  for (const piece of pieces) {
    stream.push(Buffer.from(piece, 'latin1'));
    while (take(stream.next()));
  }
  take(stream.last());
  take(stream.last());
  return { lines, cut };
}

t.test('lines, and a last one without a newline', async (t) => {
  t.same(split(['a\nbc\r\n\n\0\xff']).lines, [
    ['a', 0],
    ['bc\r', 2],
    ['', 6],
    ['\0\xff', 7],
  ]);
  t.same(split(['', '\n']).lines, [['', 0]]);
  t.same(split([]).lines, []);
});

t.test('a line that is too long, and where the next one begins', async (t) => {
  t.same(split(['abcd\nabcde\nab\n'], 4), {
    lines: [
      ['abcd', 0],
      ['abcd', 5],
      ['ab', 11],
    ],
    cut: [5],
  });
  t.same(split(['abcdefgh'], 4), { lines: [['abcd', 0]], cut: [8] });
});

t.test('the pieces do not matter', async (t) => {
  const text = `first\n${'x'.repeat(5000)}\n\n${'y'.repeat(300)}\nlast`;
  for (const limit of [4, 299, 300, 6000]) {
    const whole = split([text], limit);
    t.same(split(Array.from(text), limit), whole);
    for (let at = 0; at < text.length; at += 97) t.same(split([text.slice(0, at), text.slice(at)], limit), whole);
  }
});

t.test('a line without an end takes no memory', async (t) => {
  const stream = new StreamLines({ maxLine: 10, onOversized: () => undefined });
  const before = process.memoryUsage().arrayBuffers;
  const mebibyte = Buffer.alloc(1024 * 1024);
  for (let i = 0; i < 200; i++) {
    stream.push(mebibyte);
    t.equal(stream.next(), undefined);
  }
  t.ok(process.memoryUsage().arrayBuffers - before < 20 * 1024 * 1024);
});
