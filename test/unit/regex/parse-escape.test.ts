import t from 'tap';
import { charSet } from '../../../src/regex/charset.js';
import { Cursor } from '../../../src/regex/cursor.js';
import { GroupTable } from '../../../src/regex/group-table.js';
import { foldOf, parseClassEscape, parseEscape } from '../../../src/regex/parse-escape.js';

const FLAGS = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

const outside = (text: string, flags = FLAGS) => {
  const cursor = new Cursor(text);
  const groups = new GroupTable(cursor);
  for (let number = 1; number <= 12; number++) groups.widths.set(groups.open(undefined, 0), [1, 1]);
  return parseEscape(cursor, cursor.get() as string, flags, groups);
};

const inside = (text: string) => {
  const cursor = new Cursor(text);
  return parseClassEscape(cursor, cursor.get() as string, FLAGS);
};

t.test('one character', async (t) => {
  const table: [string, number][] = [
    ['\\n', 0x0a],
    ['\\a', 0x07],
    ['\\x41', 0x41],
    ['\\u0416', 0x416],
    ['\\U0001f600', 0x1f600],
    ['\\0', 0],
    ['\\012', 0x0a],
    ['\\08', 0],
    ['\\101', 0x41],
    ['\\.', 0x2e],
    ['\\"', 0x22],
    ['\\\\', 0x5c],
    ['\\ж', 0x436],
  ];
  for (const [text, code] of table) {
    t.match(outside(text), { kind: 'character', set: { terms: [[code, code]] } }, text);
    t.same(inside(text), [[code, code]], text);
  }
  t.same(inside('\\b'), [[8, 8]]);
  t.same(inside('\\7'), [[7, 7]]);
});

t.test('classes and places', async (t) => {
  t.same(outside('\\d'), { kind: 'character', set: charSet(['d']) });
  t.same(inside('\\W'), ['W']);
  t.match(outside('\\d', { ...FLAGS, ascii: true }), { set: { terms: [[0x30, 0x39]] } });
  const places = { A: 'start', Z: 'end', b: 'boundary', B: 'no-boundary' };
  for (const [letter, place] of Object.entries(places)) t.same(outside(`\\${letter}`), { kind: 'anchor', place });
  t.same(outside('\\b', { ...FLAGS, ascii: true }), { kind: 'anchor', place: 'ascii-boundary' });
  t.same(outside('\\B', { ...FLAGS, ascii: true }), { kind: 'anchor', place: 'ascii-no-boundary' });
});

t.test('one or two digits are a group', async (t) => {
  t.same(outside('\\1'), { kind: 'reference', group: 1, fold: 'none' });
  t.same(outside('\\12'), { kind: 'reference', group: 12, fold: 'none' });
  t.throws(() => outside('\\13'), { message: /no group 13/ });
});

t.test('what is refused', async (t) => {
  for (const text of ['\\q', '\\xg', '\\x4', '\\u12', '\\U00110000', '\\N{DASH}', '\\400']) {
    t.throws(() => outside(text), { code: 'filter' }, text);
    t.throws(() => inside(text), { code: 'filter' }, text);
  }
  t.throws(() => inside('\\9'), { message: /no meaning/ });
});

t.test('which letters count as equal', async (t) => {
  t.equal(foldOf(FLAGS), 'none');
  t.equal(foldOf({ ...FLAGS, ignoreCase: true }), 'unicode');
  t.equal(foldOf({ ...FLAGS, ignoreCase: true, ascii: true }), 'ascii');
});
