import t from 'tap';
import { cutLine, endOfLine, wholeLines } from '../../../src/sources/lines.js';

const whole = (text: string, maxLine: number): string => {
  const bytes = Buffer.from(text, 'latin1');
  return bytes.toString('latin1', 0, wholeLines(bytes, maxLine));
};

t.test('whole lines, up to one that is not', async (t) => {
  t.equal(whole('', 4), '');
  t.equal(whole('ab', 4), '');
  t.equal(whole('ab\nc', 4), 'ab\n');
  t.equal(whole('\n\n', 4), '\n\n');
  t.equal(whole('a\0b\n\xff\r\n', 4), 'a\0b\n\xff\r\n');
});

t.test('a line may have as many bytes as the limit, and no more', async (t) => {
  t.equal(whole('abcd\nabcd\n', 4), 'abcd\nabcd\n');
  t.equal(whole('abcd\nabcde\nabcd\n', 4), 'abcd\n');
  t.equal(whole('abcde\nabcd\n', 4), '');
  t.equal(whole('a\nb\nc\nabcde\n', 4), 'a\nb\nc\n');
});

t.test('the same as a look at every line', async (t) => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 0x7fff_ffff;
    return seed % below;
  };
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: random(40) }, () => (random(4) === 0 ? '\n' : 'x')).join('');
    const limit = 1 + random(8);
    const lines = text.split('\n').slice(0, -1);
    const long = lines.findIndex((line) => line.length > limit);
    const expected = lines.slice(0, long < 0 ? lines.length : long);
    t.equal(whole(text, limit), expected.map((line) => `${line}\n`).join(''));
  }
});

t.test('a line is cut in place', async (t) => {
  const bytes = Buffer.from('abcdefgh\n');
  t.equal(cutLine(bytes, 3).toString(), 'abc\n');
  t.equal(bytes.toString(), 'abc\nefgh\n');
});

t.test('the end of a line', async (t) => {
  t.equal(endOfLine(Buffer.from('ab\nc\n')), 2);
  t.equal(endOfLine(Buffer.from('ab\nc\n'), 3), 4);
  t.equal(endOfLine(Buffer.from('ab')), -1);
});
