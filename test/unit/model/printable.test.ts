import t from 'tap';
import { printable, printableJson } from '../../../src/model/printable.js';

t.test('what a terminal or a log would obey is shown', async (t) => {
  t.equal(
    printable('a\u001b[2J\0\n\u2028\u202e\ud800\u0085b'),
    'a\\u{1b}[2J\\u{0}\\u{a}\\u{2028}\\u{202e}\\u{d800}\\u{85}b',
  );
});

t.test('the rest is left alone', async (t) => {
  for (const text of ['', 'root', 'Grüße aus Köln', '日本語', '\\u{1b}']) t.equal(printable(text), text);
});

t.test('JSON is printable, and comes back as it was', async (t) => {
  const value = { text: 'a\u0000\n\u001b\u007f\u0085\u202e\u2028\u{e0001}\ud800"\\ ☃ \u{1f600}' };
  const json = printableJson(value);
  t.notMatch(json, /[\p{C}\p{Zl}\p{Zp}]/u);
  t.match(json, '\\u007f\\u0085\\u202e\\u2028\\udb40\\udc01\\ud800');
  t.same(JSON.parse(json), value);
});
