import t from 'tap';
import { parsePorts } from '../../../src/fail2ban/ports.js';

const SERVICES = new Map([
  ['ssh', 22],
  ['ftp-data', 20],
  ['http', 80],
]);

t.test('numbers, names, ranges', async (t) => {
  const table: [string, [number, number][]][] = [
    ['ssh', [[22, 22]]],
    [
      'http, 8080',
      [
        [80, 80],
        [8080, 8080],
      ],
    ],
    ['0:65535', [[0, 65_535]]],
    ['27000-27015', [[27_000, 27_015]]],
    ['ftp-data:ssh', [[20, 22]]],
    [
      ':1023 1024:',
      [
        [0, 1023],
        [1024, 65_535],
      ],
    ],
    [
      '{ 22,\n ftp-data }',
      [
        [22, 22],
        [20, 20],
      ],
    ],
    ['', []],
  ];
  for (const [text, ranges] of table) {
    const expected = { ranges: ranges.map(([first, last]) => ({ first, last })), unknown: [] };
    t.same(parsePorts(text, SERVICES), expected, text);
  }
});

t.test('what is none', async (t) => {
  for (const word of ['nothing', '65536', '9:1', 'a:b', '1:2:3', 'a-b', '-1', 'constructor']) {
    t.same(parsePorts(word, SERVICES), { ranges: [], unknown: [word] }, word);
  }
});
