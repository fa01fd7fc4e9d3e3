import t from 'tap';
import { expandTags } from '../../../src/fail2ban/tags.js';

const expand = (
  options: Record<string, string>,
  lookup: Record<string, string> = {},
  ignore: string[] = [],
): Record<string, string> => {
  const known = new Map(Object.entries(lookup));
  return Object.fromEntries(
    expandTags(new Map(Object.entries(options)), '/x', (tag) => known.get(tag), new Set(ignore)),
  );
};

t.test('tags, the innermost first', async (t) => {
  t.same(expand({ a: '<b>-<c-<d>>', b: '<d>', 'c-1': 'C', d: '1' }), { a: '1-C', b: '1', 'c-1': 'C', d: '1' });
  t.equal(expand({ a: '<x>$&<x>' }, { x: '$1' }).a, '$1$&$1', 'signs of replacements mean nothing');
});

t.test('what nobody knows stays', async (t) => {
  t.equal(expand({ a: '<HOST> <F-USER>x</F-USER> a<b >c < > <>' }).a, '<HOST> <F-USER>x</F-USER> a<b >c < > <>');
});

t.test('others stand for what is no option', async (t) => {
  t.equal(expand({ a: '<s/x> <y>' }, { 's/x': '<y>', y: '1' }).a, '1 1');
});

t.test('some are neither expanded nor put in', async (t) => {
  t.same(expand({ a: '<b> <c>', b: '<c>', c: '1' }, {}, ['b']), { a: '<b> 1', b: '<c>', c: '1' });
});

t.test('circles', async (t) => {
  for (const options of [{ a: 'x<a>' }, { a: '<b>', b: '<a>' }, { a: '<b>', b: 'x<c>', c: '<b>' }]) {
    t.throws(() => expand(options), { code: 'config', message: /^\/x: option '\w' refers to itself, by way of <\w>$/ });
  }
  t.throws(() => expand({ a: '<b>' }, { b: 'x<b>' }), { message: /option 'a' refers to itself, by way of <b>/ });
});

t.test('values that double each other come to an end', async (t) => {
  const options = Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`a${i}`, `<a${i + 1}><a${i + 1}>`]));
  t.throws(() => expand({ ...options, a24: 'xx' }), {
    message: /^\/x: option 'a\d+' grows without measure while <a\d+>/,
  });
});
