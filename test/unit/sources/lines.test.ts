import t from 'tap';
import { LineSplitter } from '../../../src/sources/lines.js';

function split(pieces: (string | Buffer)[], maxLine = 100): { texts: string[]; positions: number[]; cut: number[] } {
  const cut: number[] = [];
  const splitter = new LineSplitter('log', maxLine, (length) => cut.push(length));
  const lines = pieces.flatMap((piece) => splitter.push(Buffer.from(piece as string)));
  return { texts: lines.map((line) => line.text), positions: lines.map((line) => line.position), cut };
}

t.test('lines and their positions', async (t) => {
  t.same(split(['a\nbc\r\n\nd']), { texts: ['a', 'bc', ''], positions: [0, 2, 6], cut: [] });
  t.same(split(['', '\n', '\r\n', 'x\n']), { texts: ['', '', 'x'], positions: [0, 1, 3], cut: [] });
});

t.test('the pieces do not matter', async (t) => {
  const text = `Grüße\r\n${'x'.repeat(500)}\n\nlast €\n`;
  const whole = split([text], 600);
  const bytes = Buffer.from(text);
  t.same(
    split(
      Array.from(bytes, (byte) => Buffer.from([byte])),
      600,
    ),
    whole,
  );
  for (let cut = 0; cut < bytes.length; cut++) {
    t.same(split([bytes.subarray(0, cut), bytes.subarray(cut)], 600), whole);
  }
});

t.test('a line that is too long is cut once, and the next one is whole', async (t) => {
  const expected = { texts: ['abcd', 'abcd', 'abcd', 'abcd', 'e'], positions: [0, 5, 11, 17, 25], cut: [5, 7] };
  const text = 'abcd\nabcd\r\nabcd!\nabcd\r!!\ne\n';
  t.same(split([text], 4), expected);
  t.same(split(Array.from(text), 4), expected);
});

t.test('bytes that are no UTF-8, NUL, and a byte order mark', async (t) => {
  t.same(split([Buffer.from([0x61, 0xff, 0x62, 0, 0x63, 10]), '\ufeffx\n']).texts, ['a\ufffdb\0c', '\ufeffx']);
});

t.test('the borrowed bytes may be used again', async (t) => {
  const splitter = new LineSplitter('log', 100, () => undefined, 40);
  const bytes = Buffer.from('held');
  splitter.push(bytes);
  bytes.fill('?');
  t.same(splitter.push(Buffer.from('!\n')), [{ text: 'held!', source: 'log', position: 40 }]);
});
