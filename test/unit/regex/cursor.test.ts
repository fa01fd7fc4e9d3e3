import t from 'tap';
import { Cursor, refusal } from '../../../src/regex/cursor.js';

t.test('tokens are characters, and what a backslash escapes', async (t) => {
  const cursor = new Cursor('a\\\\\\d\u{1f600}');
  const tokens: [string, number][] = [];
  for (
    let offset = cursor.offset, token = cursor.get();
    token !== undefined;
    offset = cursor.offset, token = cursor.get()
  ) {
    tokens.push([token, offset]);
  }
  t.same(tokens, [
    ['a', 0],
    ['\\\\', 1],
    ['\\d', 3],
    ['\u{1f600}', 5],
  ]);
  t.equal(cursor.offset, 7);
});

t.test('takes what it is asked to', async (t) => {
  const cursor = new Cursor('12345>x');
  t.notOk(cursor.match('2'));
  t.ok(cursor.match('1'));
  t.equal(cursor.getWhile(/^\d$/, 2), '23');
  t.equal(cursor.getWhile(/^\d$/), '45');
  cursor.seek(2);
  t.equal(cursor.getUntil('>', 0), '345');
  t.equal(cursor.next, 'x');
  t.throws(() => cursor.getUntil('>', 5), {
    code: 'filter',
    message: "regular expression '12345>x': '>x' at offset 5: '>' is missing",
  });
});

t.test('a backslash at the end escapes nothing', async (t) => {
  t.throws(() => new Cursor('\\'), {
    message: "regular expression '\\': '\\' at offset 0: nothing follows the backslash",
  });
  const cursor = new Cursor('a\\');
  t.throws(() => cursor.get(), { message: /'\\' at offset 1/ });
});

t.test('an error shows the piece, and no more than fits', async (t) => {
  const cursor = new Cursor('ab(c');
  t.throws(() => cursor.refuse('why', 2), { message: "regular expression 'ab(c': '(' at offset 2: why" });
  t.ok(refusal('x'.repeat(5000), 'why', 'x'.repeat(5000), 0).message.length < 500);
});
