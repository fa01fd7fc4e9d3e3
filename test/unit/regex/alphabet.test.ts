import t from 'tap';
import { both, either, FULL, maskOf, NONE, overlap } from '../../../src/regex/alphabet.js';
import { charSet, single, type Term } from '../../../src/regex/charset.js';

t.test('sets that share a character overlap', async (t) => {
  const table: [a: readonly Term[], b: readonly Term[], shares: boolean][] = [
    [['w'], ['s'], false],
    [['d'], ['w'], true],
    [['s'], ['S'], false],
    [['D'], ['d'], false],
    [['W'], ['w'], false],
    [['W'], ['s'], true],
    [[[0x61, 0x7a]], [[0x41, 0x5a]], false],
    [[[0x61, 0x7a]], [[0x7a, 0x7b]], true],
    // Beyond ASCII in doubt, yes.
    [[[0x416, 0x416]], [[0x417, 0x417]], true],
    [[[0x416, 0x416]], ['s'], true],
    [[[0x416, 0x416]], [[0x61, 0x7a]], false],
  ];
  for (const [a, b, shares] of table) t.equal(overlap(maskOf(charSet(a)), maskOf(charSet(b))), shares, `${a} ${b}`);
});

t.test('what is negated leaves the rest', async (t) => {
  const not = (...terms: Term[]) => maskOf(charSet(terms, true));
  t.notOk(overlap(not('s'), maskOf(charSet(['s']))));
  t.notOk(overlap(not([0x3a, 0x10ffff]), maskOf(charSet([[0x416, 0x416]]))));
  t.ok(overlap(not([0x416, 0x416]), maskOf(charSet([[0x416, 0x416]]))), 'in doubt, yes');
  t.same(not(), FULL);
});

t.test('case that is ignored is in the mask', async (t) => {
  t.ok(overlap(maskOf(single(0x61, 'ascii')), maskOf(single(0x41, 'none'))));
});

t.test('masks are sets', async (t) => {
  const [a, b] = [maskOf(charSet([[0x61, 0x62]])), maskOf(charSet([[0x62, 0x63]]))];
  t.same(both(a, b), maskOf(single(0x62, 'none')));
  t.same(either(a, b), maskOf(charSet([[0x61, 0x63]])));
  t.same(both(a, FULL), a);
  t.same(either(a, NONE), a);
});
