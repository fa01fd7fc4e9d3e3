import t from 'tap';
import { charSet } from '../../../src/regex/charset.js';
import { SetTest } from '../../../src/regex/set-test.js';

t.test('whether a character is in a set', async (t) => {
  const word = new SetTest(charSet(['w']));
  t.same(
    ['a', ' ', 'ж', '—', '\u{1f600}', '\u{10400}', 'ж'].map((text) => word.has(text.codePointAt(0) as number)),
    [true, false, true, false, false, true, true],
  );
  t.equal(word.table[0x61], 1);
});

t.test('case that is ignored', async (t) => {
  const letter = new SetTest(charSet([[0x6b, 0x6b]], false, 'unicode'));
  t.ok(letter.has(0x4b));
  t.ok(letter.has(0x212a));
});

t.test('it answers more letters than it remembers', async (t) => {
  const han = new SetTest(charSet([[0x4e00, 0x9fff]]));
  for (let code = 0x4d00; code < 0x6500; code++) if (han.has(code) !== code >= 0x4e00) t.fail(code.toString(16));
  t.ok(han.has(0x4e00));
});
