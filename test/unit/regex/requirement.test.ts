import t from 'tap';
import { parse } from '../../../src/regex/parse.js';
import { requirementOf } from '../../../src/regex/requirement.js';

/** In words: `from | for & user`; literals of either case end in `/i`. */
const required = (pattern: string): string =>
  requirementOf(parse(pattern).root)
    .map(({ literals, ignoreCase }) => literals.join('|') + (ignoreCase ? '/i' : ''))
    .join(' & ');

t.test('what every text that matches contains', async (t) => {
  const table: [string, string][] = [
    ['^(?:Failed|Invalid) \\S+ for (?:x)? from ', ' for x from | for  from  & Failed |Invalid '],
    ['abc', 'abc'],
    ['ab.cd', 'ab & cd'],
    ['a.bc', 'bc'],
    ['ab(?P<n>cd)(ef)\\d', 'abcdef'],
    ['ab(?:c|d)e', 'abce|abde'],
    ['(?:ab.|cd.)x', 'ab|cd'],
    ['(?:ab|.)x', ''],
    ['ab?cd', 'abcd|acd'],
    ['abc(?:de)?', 'abc'],
    ['ab(?:cd\\d)?ef', 'ab & ef'],
    ['ab(?:cd)*ef', 'ab & ef'],
    ['(?:ab)+', 'ab'],
    ['(?:ab){2}c', 'ababc'],
    ['x(?:ab\\d){2,3}y', 'xab'],
    ['x(?:ab){65}y', 'xab & aby'],
    ['(?:ab){0}cd', 'cd'],
    ['(?:ab\\dcd)+', 'ab & cd'],
    ['[Ff]rom', 'From|from'],
    ['[A-Z]rom', 'rom'],
    ['[^a]bc', 'bc'],
    ['(?i)From', 'from/i'],
    ['(?i:[Ff]R)om', 'from/i'],
    ['ab(?i:1)cd', 'ab1cd'],
    ['ab\\bcd$', 'abcd'],
    ['ab(?=xy)cd(?!zz)(?<=cd)', 'abcd'],
    ['ab\\ncd', 'ab & cd'],
    ['abжcd\u{1f600}', 'ab & cd'],
    ['(ab)\\1cd', 'ab & cd'],
    ['(ab)?(?(1)cd|ef)', 'cd|ef'],
    ['(?>ab|ac)d', 'abd|acd'],
    ['(?:abcd\\d|ef)x', 'abcd|ef'],
    ['', ''],
    ['a|b|', ''],
    ['a.b.c', ''],
    ['abcd.bc', 'abcd'],
  ];
  for (const [pattern, clauses] of table) t.equal(required(pattern), clauses, pattern);
});

t.test('not more than is worth a search', async (t) => {
  t.equal(
    required('[abc][abc][abc][abc]'),
    'aaa|aab|aac|aba|abb|abc|aca|acb|acc|baa|bab|bac|bba|bbb|bbc|bca|bcb|bcc|caa|cab|cac|cba|cbb|cbc|cca|ccb|ccc',
  );
  t.equal(requirementOf(parse('aa.bb.cc.dd.ee.ff.gg.hh.ii.jj').root).length, 8);
  t.equal(required(Array.from({ length: 40 }, (_, index) => `word${index}`).join('|')), '');
});
