import t from 'tap';
import { MOST_ENTRIES, parseList } from '../../../src/never/entries.js';

t.test('one entry a line, comments, and what follows', async (t) => {
  const { entries, fault } = parseList(
    '# ours\n192.0.2.1\r\n\n 198.51.100.0/24 ; office\n2001:db8::1, x\noffice.example gone\n',
  );
  t.equal(fault, undefined);
  t.same(
    entries.map(({ text, line, prefix }) => [line, text, prefix?.text]),
    [
      [2, '192.0.2.1', '192.0.2.1'],
      [4, '198.51.100.0/24', '198.51.100.0/24'],
      [5, '2001:db8::1', '2001:db8::1'],
      [6, 'office.example', undefined],
    ],
  );
});

t.test('a fault is told with its line, and the others stand', async (t) => {
  const { entries, fault } = parseList(`192.0.2.1\n192.0.2.300\n${'x'.repeat(300)}\n192.0.2.2`);
  t.match(fault, /^line 2: "192\.0\.2\.300" is no address, no prefix and no name of a host$/);
  t.equal(entries.length, 2);
});

t.test('there is a largest number', async (t) => {
  const { entries, fault } = parseList('192.0.2.1\n'.repeat(MOST_ENTRIES + 1));
  t.equal(entries.length, MOST_ENTRIES);
  t.match(fault, /line 20001: more than 20000 entries/);
});
