import t from 'tap';
import { tokensOf } from '../../../src/config/tokens.js';

const texts = (toml: string): string[] => tokensOf(toml).map((token) => token.text);

t.test('words, signs and line breaks, without blanks and comments', async (t) => {
  t.strictSame(texts('\uFEFF[a.b] # c\r\nd\t= 1.5'), ['[', 'a', '.', 'b', ']', '\n', 'd', '=', '1', '.', '5']);
});

t.test('strings', async (t) => {
  const table: [string, string][] = [
    ['basic', '"a\\"b\\\\"'],
    ['empty', '""'],
    ['literal', "'a\\'"],
    ['long', '"""a\n"b" ""c\\""""'],
    ['long, ending in two quotes', '"""a"""""'],
    ['long literal', "'''a\\''''"],
    ['without an end', '"abc'],
    ['an escape at the end', '"abc\\'],
  ];
  for (const [name, string] of table) t.strictSame(texts(string), [string], name);
  t.strictSame(texts('"a""b"'), ['"a"', '"b"']);
  t.strictSame(texts('"a" # "b"'), ['"a"']);
});

t.test('lines are counted through long strings', async (t) => {
  t.strictSame(
    tokensOf('"""\n\n"""\na').map((token) => token.line),
    [1, 3, 4],
  );
});

t.test('what no TOML holds is a token of its own', async (t) => {
  t.strictSame(texts('a\u00a0\vb'), ['a', '\u00a0', '\v', 'b']);
});
