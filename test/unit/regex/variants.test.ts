import t from 'tap';
import { parse } from '../../../src/regex/parse.js';
import { Variants } from '../../../src/regex/variants.js';

t.test('one for ASCII, one for any text', async (t) => {
  const { root, names } = parse('(?P<user>\\w+)\\b');
  const variants = new Variants(root, names, new Set([1]), false);
  t.equal(variants.of(true).exec(' root')?.groups.user, 'root');
  t.equal(variants.of(false).exec(' Жанна ')?.groups.user, 'Жанна');
  t.equal(variants.of(false), variants.of(false), 'made once');
});

t.test('what could be too large is made at once', async (t) => {
  const { root, names } = parse('ж'.repeat(2000));
  t.ok(new Variants(root, names, new Set(), false).of(false).test('ж'.repeat(2000)));
});
