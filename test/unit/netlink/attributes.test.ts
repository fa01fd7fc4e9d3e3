import t from 'tap';
import { at, byType, text, u32, u64, walk } from '../../../src/netlink/attributes.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ''), 'hex');

t.test('walks aligned attributes and hides the nested flag', async (t) => {
  const found = [...walk(bytes('0500 0100 aa000000 0800 0280 04000300'))];
  t.same(
    found.map(({ type, offset, payload }) => [type, offset, payload.toString('hex')]),
    [
      [1, 0, 'aa'],
      [2, 8, '04000300'],
    ],
  );
});

t.test('stops at what is cut short, and never loops', async (t) => {
  for (const hex of ['', '05', '0000 0100', '0300 0100', 'ff00 0100 00', '0400'])
    t.same([...walk(bytes(hex))], [], hex);
});

t.test('paths into nested attributes', async (t) => {
  const nested = bytes('1000 0180 0c00 0280 0800 0300 00000007');
  t.equal(u32(at(nested, 1, 2, 3) as Buffer), 7);
  t.equal(at(nested, 1, 9), undefined);
  t.equal(at(nested, 9, 1), undefined);
  t.equal(at(undefined, 1), undefined);
  t.equal(byType(bytes('0500 0100 01000000 0500 0100 02000000')).get(1)?.[0], 2, 'the last holds');
  t.equal(byType(bytes('ffffffff 0500 0100 01000000'), 4).size, 1);
});

t.test('values', async (t) => {
  t.equal(text(Buffer.from('abc\0def')), 'abc');
  t.equal(text(Buffer.from('abc')), 'abc');
  t.equal(u64(bytes('0000010000000005')), 2 ** 40 + 5);
});
