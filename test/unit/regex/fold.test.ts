import t from 'tap';
import { charSet, type Fold, single } from '../../../src/regex/charset.js';
import { unfold } from '../../../src/regex/fold.js';

const equals = (character: string, fold: Fold): string => {
  const { terms } = unfold(single(character.codePointAt(0) as number, fold));
  const codes = terms.map((term) => (typeof term === 'string' ? 0 : term[0]));
  return [...new Set(codes)]
    .sort((a, b) => a - b)
    .map((code) => String.fromCodePoint(code))
    .join('');
};

t.test('what a letter equals', async (t) => {
  const table: [string, Fold, string][] = [
    ['a', 'none', 'a'],
    ['a', 'ascii', 'Aa'],
    ['k', 'ascii', 'Kk'],
    ['k', 'unicode', 'Kk\u212a'],
    ['S', 'unicode', 'Ssſ'],
    ['i', 'unicode', 'Iiİı'],
    ['İ', 'unicode', 'Iiİı'],
    ['-', 'unicode', '-'],
    ['ж', 'unicode', 'Жж'],
    ['ж', 'ascii', 'ж'],
    ['σ', 'unicode', 'Σςσ'],
    ['ß', 'unicode', 'ßẞ'],
  ];
  for (const [character, fold, found] of table) t.equal(equals(character, fold), found, `${character} ${fold}`);
});

t.test('ranges equal what their letters equal, classes stay', async (t) => {
  const set = charSet([[0x410, 0x411], 'd'], true, 'unicode');
  t.same(
    unfold(set),
    charSet([[0x410, 0x411], 'd', [0x410, 0x410], [0x430, 0x430], [0x411, 0x411], [0x431, 0x431]], true),
  );
  t.equal(unfold(set), unfold(set), 'once');
  t.equal(unfold(unfold(set)), unfold(set));
});
