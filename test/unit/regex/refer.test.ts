import t from 'tap';
import type { Fold } from '../../../src/regex/charset.js';
import { equalText } from '../../../src/regex/refer.js';

t.test('the same text again, and where it ends', async (t) => {
  const table: [wanted: string, text: string, at: number, Fold, end: number][] = [
    ['ab', 'xab', 1, 'none', 3],
    ['ab', 'xaB', 1, 'none', -1],
    ['', 'x', 1, 'none', 1],
    ['ab', 'xAB', 1, 'ascii', 3],
    ['ж', 'Ж', 0, 'ascii', -1],
    ['ж', 'Ж', 0, 'unicode', 1],
    ['İ', 'i', 0, 'unicode', 1],
    ['\u{10400}', '\u{10428}', 0, 'unicode', 2],
    // It compares lower cases only: a long s is an s elsewhere.
    ['s', 'ſ', 0, 'unicode', -1],
    ['ab', 'a', 0, 'unicode', -1],
  ];
  for (const [wanted, text, at, fold, end] of table)
    t.equal(equalText(wanted, text, at, fold), end, `${wanted} ${text} ${fold}`);
});
