import t from 'tap';
import {
  digitsAt,
  firstWord,
  fourDigits,
  isDigit,
  isEnd,
  isWeekday,
  monthAt,
  twoDigits,
} from '../../../src/dates/characters.js';

t.test('digits', async (t) => {
  t.ok(isDigit(0x30) && isDigit(0x39));
  t.notOk(isDigit(0x2f) || isDigit(0x3a) || isDigit(Number.NaN));
  t.equal(twoDigits('x07', 1, 0, 99), 7);
  t.equal(twoDigits('24', 0, 0, 23), -1);
  t.equal(twoDigits('00', 0, 1, 31), -1);
  for (const text of ['', '1', '1x', 'x1', '٣٣']) t.equal(twoDigits(text, 0, 0, 99), -1, text);
  t.equal(fourDigits('2026', 0), 2026);
  t.equal(fourDigits('202', 0), -1);
  t.equal(fourDigits('x026', 0), -1);
  t.equal(digitsAt('123x', 0), 3);
  t.equal(digitsAt('1234567890', 0), 7);
  t.equal(digitsAt('', 0), 0);
});

t.test('where a word ends', async (t) => {
  for (const text of ['', ' ', '-', '.', ']', '@', '[', '`', '{', '\x7f']) t.ok(isEnd(text, 0), JSON.stringify(text));
  for (const text of ['a', 'Z', '0', '_', 'é', '😀']) t.notOk(isEnd(text, 0), text);
});

t.test('the first word of a line', async (t) => {
  for (const [line, at] of [
    ['a', 0],
    ['[a', 1],
    ['[[_', 2],
    ['  9', 2],
    ['[[[a', -1],
    ['', -1],
    ['[', -1],
    ['éa', -1],
    ['[é', -1],
  ] as const) {
    t.equal(firstWord(line), at, line);
  }
});

t.test('names', async (t) => {
  t.equal(monthAt('x Nov', 2), 11);
  for (const text of ['nov', 'NOV', 'No', '']) t.equal(monthAt(text, 0), -1, text);
  t.ok(isWeekday('Sat', 0));
  t.notOk(isWeekday('sat', 0));
});
