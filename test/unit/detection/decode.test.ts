import t from 'tap';
import { decoderOf } from '../../../src/detection/decode.js';

/** Decodes what stands between two other lines. */
function decoded(label: string, bytes: readonly number[]): string {
  const before = Buffer.from('before\n');
  const all = Buffer.concat([before, Buffer.from(bytes), Buffer.from('\nbehind\n')]);
  const line = { start: before.length, end: before.length + bytes.length, isAscii: bytes.every((byte) => byte < 128) };
  return decoderOf(label)({ source: '/a', bytes: all, offset: 0 }, line);
}

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

t.test('bytes in an encoding', async (t) => {
  const table: [string, number[], string][] = [
    ['utf-8', ascii('plain'), 'plain'],
    ['utf-8', [], ''],
    ['utf-8', [0xc3, 0xbc, 0xe2, 0x98, 0x83, 0xf0, 0x9f, 0x98, 0x80], 'ü☃😀'],
    ['utf-8', [0x61, 0xff, 0x62], 'a\ufffdb'],
    ['utf-8', [0x61, 0xc3], 'a\ufffd'],
    ['utf-8', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ['iso-8859-1', [0x61, 0xfc], 'aü'],
    ['iso-8859-1', ascii('plain'), 'plain'],
    ['koi8-r', [0xc1], 'а'],
    ['utf-8', [0x00, 0x61], '\0a'],
  ];
  for (const [label, bytes, text] of table) t.equal(decoded(label, bytes), text, `${label} ${bytes}`);
});

t.test("carriage returns at a line's end do not count, those before it do", async (t) => {
  t.equal(decoded('utf-8', ascii('a\r')), 'a');
  t.equal(decoded('utf-8', ascii('a\r\r\r')), 'a');
  t.equal(decoded('utf-8', ascii('a\rb\r')), 'a\rb');
  t.equal(decoded('utf-8', [0xc3, 0xbc, 0x0d]), 'ü');
  t.equal(decoded('iso-8859-1', [0xfc, 0x0d]), 'ü');
  t.equal(decoded('utf-8', ascii('\r')), '');
});

t.test('jails with the same encoding share a decoder, and so the text of a line', async (t) => {
  t.equal(decoderOf('utf-8'), decoderOf('utf-8'));
  t.not(decoderOf('utf-8'), decoderOf('koi8-r'));
});
