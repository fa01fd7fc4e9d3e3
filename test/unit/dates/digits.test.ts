import t from 'tap';
import { numberOf } from '../../../src/dates/digits.js';

t.test('numbers as Python reads them', async (t) => {
  const table: [text: string, value: number][] = [
    ['0', 0],
    ['007', 7],
    [' 5', 5],
    ['+5', 5],
    ['-5 ', -5],
    ['1763700000.123', 1_763_700_000.123],
    ['1.', 1],
    ['٢٠٢٦', 2026],
    ['２０２６', 2026],
    ['१२', 12],
    ['1٢', 12],
    ['𝟎𝟗', 9],
    ['𝟙𝟿', 19],
  ];
  for (const [text, value] of table) t.equal(numberOf(text), value, text);
});

t.test('what is no number', async (t) => {
  for (const text of ['', ' ', 'x', '1x', '1 2', '²', '1e3', '0x10', '--1', 'é'])
    t.ok(Number.isNaN(numberOf(text)), text);
});
