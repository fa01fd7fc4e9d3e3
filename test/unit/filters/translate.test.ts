import t from 'tap';
import { translate } from '../../../src/filters/translate.js';

t.test('finds the same', async (t) => {
  const table: [python: string, text: string, found: string | undefined][] = [
    ['a.c', 'abc', 'abc'],
    ['a.c', 'a\r\u2028c', undefined],
    ['a.c', 'a\u2028c', 'a\u2028c'],
    ['a.c', 'a\nc', undefined],
    ['a|b|', 'b', 'b'],
    [String.raw`^\s*a{,2}$`, '\u00a0aa', '\u00a0aa'],
    ['a{2}b{1,}c{1,2}?', 'aabbcc', 'aabbc'],
    ['a*?b+?c??', 'aabbc', 'aab'],
    ['{a} ]', '{a} ]', '{a} ]'],
    [String.raw`\[\d+\]: "/-x"`, '[1]: "/-x"', '[1]: "/-x"'],
    [String.raw`\x41\u0042\t\"\<`, 'AB\t"<', 'AB\t"<'],
    ['[]a]+', 'b]a]', ']a]'],
    ['[^]a]+', ']ab[', 'b['],
    ['[[a]+', 'b[a', '[a'],
    [String.raw`[\w\-.^_]+[a-c-]`, '!Ж-.^_a-', 'Ж-.^_a-'],
    [String.raw`[^\S ]`, ' \t', '\t'],
    [String.raw`[\]\\\b\n]+`, 'a]\\\b\n', ']\\\b\n'],
    ['[&&--!!a]+', 'b&-!', '&-!'],
    [String.raw`\Aa\Z`, 'a', 'a'],
    [String.raw`\bЖ\b`, 'a Ж', 'Ж'],
    ['(?:a)(?=b)(?!c)', 'ab', 'a'],
    ['(?<=a)b(?<!c)', 'ab', 'b'],
    ['(?P<n>.)(?P=n)(x)?', 'abb', 'bb'],
    ['(?i)ÄB', 'äb', 'äb'],
    ['<F-USER>.</F-USER>', 'a', 'a'],
    ['<<', '<<', '<<'],
  ];
  for (const [python, text, found] of table) t.equal(translate(python, false).exec(text)?.[0], found, python);
});

t.test('groups', async (t) => {
  const regex = translate('^(?P<a>.) <F-ALT_USER1>.*</F-ALT_USER1> <ADDR>', true);
  t.match(regex.exec('x y z 192.0.2.7')?.groups, { a: 'x', alt_user1: 'y z', ip4: '192.0.2.7' });
});

t.test('whom to blame', async (t) => {
  t.match(translate('x <HOST>$', true).exec('x 192.0.2.7')?.groups, { ip4: '192.0.2.7' });
  t.match(translate('x <F-ADDR>$', true).exec('x 2001:db8::7')?.groups, { ip6: '2001:db8::7' });
  t.throws(() => translate('x', true), { code: 'filter', message: /'x': it has neither <HOST> nor <ADDR>$/ });
});

t.test('what is refused, with the piece', async (t) => {
  const table: [string, string][] = [
    ['(?i:a)', "'\\(\\?i:a' is not supported"],
    ['a(?i)', "'\\(\\?i' is"],
    ['(?s)a', "'\\(\\?s' is"],
    ['(?P<a>x)?(?(a)b|c)', "'\\(\\?\\(a' is"],
    ['(?>a)', "'\\(\\?>a' is"],
    ['(?#a)', "'\\(\\?#a' is"],
    ['(?P>a)', "'\\(\\?P>a' is"],
    ['a++', "'\\+\\+' is"],
    ['a{,}', "'{,}' is"],
    ['a{}', "'{}' is"],
    [String.raw`(a)\1`, "'\\\\1' is"],
    [String.raw`\0`, "'\\\\0' is"],
    [String.raw`\q`, "'\\\\q' is"],
    [String.raw`[\q]`, "'\\\\q' is"],
    ['a\\', "'\\\\' is"],
    [String.raw`[\w-z]`, 'is not supported'],
    [String.raw`[a-\d]`, 'is not supported'],
    ['[a', "'\\[ without \\]' is"],
    ['<IP4>', "'<IP4>' is"],
    ['<F-MLFID>x</F-MLFID>', "'<F-MLFID>' is"],
    ['<F-NOFAIL>x</F-NOFAIL>', "'<F-NOFAIL>' is"],
    ['<F-ID/>', "'<F-ID/>' is"],
    ['<F-HOST/>', "'<F-HOST/>' is"],
    ['<SKIPLINES>', "'<SKIPLINES>' is"],
    ['<name>', "'<name>' is"],
    ['</F-USER>', 'Unmatched'],
    ['(a', 'Unterminated group'],
    ['<HOST> <HOST>', 'Duplicate capture group name'],
    ['a**', 'Nothing to repeat'],
  ];
  for (const [python, message] of table) {
    t.throws(() => translate(python, false), { code: 'filter', message: new RegExp(message) }, python);
  }
});
