import t from 'tap';
import {
  ANY,
  implies,
  type Literals,
  MOST_STRINGS,
  product,
  reduced,
  strength,
  union,
} from '../../../src/regex/literals.js';

const strict = (...strings: string[]): Literals => ({ strings, ignoreCase: false });
const folded = (...strings: string[]): Literals => ({ strings, ignoreCase: true });
const many = strict(...Array.from({ length: MOST_STRINGS }, (_, index) => `${index}`));

t.test('side by side, and one of several', async (t) => {
  t.same(product(strict('a', 'b'), strict('c', 'd')), strict('ac', 'ad', 'bc', 'bd'));
  t.same(product(strict('a'), folded('b')), folded('ab'));
  t.same(product(ANY, strict('a')), strict('a'));
  t.same(union([strict('a', 'b'), strict('b', 'c')]), strict('a', 'b', 'c'));
  t.same(union([strict('a'), folded('b')]), folded('a', 'b'));
});

t.test('not too many', async (t) => {
  t.same(product(many, strict('a'))?.strings.length, MOST_STRINGS);
  t.equal(product(many, strict('a', 'b')), undefined);
  t.equal(union([many, strict('x')]), undefined);
});

t.test('what they tell', async (t) => {
  t.equal(strength(strict('abc', 'de')), 2);
  t.equal(strength(ANY), 0);
  t.same(reduced(strict('from', 'for', ' from ', 'for')), strict('from', 'for'));
  t.same(reduced(folded('From', 'FROM')), folded('from'));
});

t.test('what follows from what', async (t) => {
  t.ok(implies(strict('abc', 'xbc'), strict('bc')));
  t.ok(implies(strict('ABC'), folded('bc')));
  t.notOk(implies(folded('abc'), strict('bc')));
  t.notOk(implies(strict('abc', 'x'), strict('bc')));
  t.notOk(implies(strict('ABC'), strict('bc')));
});
