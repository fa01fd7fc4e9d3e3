import t from 'tap';
import { asciiClassTerms, asciiTable, charSet, complement, single } from '../../../src/regex/charset.js';

const members = (table: Uint8Array): string =>
  Array.from(table, (isIn, code) => (isIn ? String.fromCharCode(code) : '')).join('');

t.test('the characters of ASCII that are in a set', async (t) => {
  t.equal(members(asciiTable(charSet(['d', [0x61, 0x63]]))), '0123456789abc');
  t.equal(members(asciiTable(charSet(['s']))), '\t\n\v\f\r\x1c\x1d\x1e\x1f ');
  t.equal(members(asciiTable(charSet(['w'], true))).length, 128 - 63);
  t.equal(members(asciiTable(charSet(['W']))).length, 128 - 63);
  t.equal(members(asciiTable(charSet([[0x416, 0x10ffff]]))), '');
  t.equal(members(asciiTable(charSet([], true))).length, 128);
});

t.test('classes of ASCII alone are ranges', async (t) => {
  t.same(asciiClassTerms('d'), [[0x30, 0x39]]);
  t.same(asciiClassTerms('S'), [
    [0, 8],
    [0x0e, 0x1f],
    [0x21, 0x10ffff],
  ]);
  t.equal(members(asciiTable(charSet(asciiClassTerms('s')))), '\t\n\v\f\r ');
});

t.test('what ranges leave', async (t) => {
  t.same(
    complement([
      [5, 7],
      [9, 9],
    ]),
    [
      [0, 4],
      [8, 8],
      [10, 0x10ffff],
    ],
  );
});

t.test('a set of one ASCII character is made once', async (t) => {
  t.equal(single(0x61, 'none'), single(0x61, 'none'));
  t.not(single(0x61, 'none'), single(0x61, 'unicode'));
  t.not(single(0x416, 'none'), single(0x416, 'none'));
});
