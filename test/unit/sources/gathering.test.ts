import t from 'tap';
import { Gathering } from '../../../src/sources/gathering.js';

t.test('lines become one chunk', async (t) => {
  const cut: number[] = [];
  const gathering = new Gathering('journal', 8, (length) => cut.push(length));
  t.equal(gathering.take(), undefined);
  gathering.add(Buffer.from('one'), 1);
  gathering.add(Buffer.from(''), 2);
  gathering.add(Buffer.from('a\nb\n'), 3);
  gathering.add(Buffer.from('12345678'), 4);
  gathering.add(Buffer.from('123456789'), 5);
  gathering.add(Buffer.from([0xff, 10, 0, 0xfe]), 6);
  t.equal(gathering.size, 36);
  const position = { kind: 'journal', cursor: 'c' } as const;
  t.same(gathering.take(position), {
    source: 'journal',
    bytes: Buffer.from('one\n\na\\nb\\n\n12345678\n12345678\n\xff\\n\0\xfe\n', 'latin1'),
    offset: 0,
    times: [1, 2, 3, 4, 5, 6],
    position,
  });
  t.same(cut, [9]);
  t.equal(gathering.take(position), undefined);
  t.equal(gathering.size, 0);
  gathering.add(Buffer.from('x'), 7);
  t.same(gathering.take(), { source: 'journal', bytes: Buffer.from('x\n'), offset: 0, times: [7] });
});
