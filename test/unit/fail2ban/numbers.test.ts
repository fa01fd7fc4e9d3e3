import t from 'tap';
import { parseBoolean, parseInteger } from '../../../src/fail2ban/numbers.js';

t.test('integers as Python reads them', async (t) => {
  const table: [string, number | undefined][] = [
    ['5', 5],
    [' -5\n', -5],
    ['+1_000', 1000],
    ['007', 7],
    ['', undefined],
    ['5.0', undefined],
    ['_5', undefined],
    ['5 6', undefined],
    ['0x10', undefined],
    ['9'.repeat(21), undefined],
    ['9'.repeat(17), undefined],
  ];
  for (const [text, value] of table) t.equal(parseInteger(text), value, JSON.stringify(text));
});

t.test('four words are true', async (t) => {
  for (const word of ['1', 'on', 'True', 'YES']) t.ok(parseBoolean(word), word);
  for (const word of ['', '0', 'off', ' yes', 'enabled', '2']) t.notOk(parseBoolean(word), word);
});
