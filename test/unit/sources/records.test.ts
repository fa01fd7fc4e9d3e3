import t from 'tap';
import { RecordSplitter } from '../../../src/sources/records.js';

/** The records and the lengths of those that were cut, if the bytes come in pieces of `size`. */
function split(text: string, size: number, limit = 10): [records: string[], cut: number[]] {
  const cut: number[] = [];
  const splitter = new RecordSplitter(limit, (length) => cut.push(length));
  const records: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    const piece = Buffer.from(text.slice(at, at + size));
    records.push(...splitter.push(piece).map(String));
    piece.fill(0x7e);
  }
  return [records, cut];
}

t.test('records, whatever pieces they come in', async (t) => {
  const text = 'one\n\ntwo\n0123456789\n0123456789a\n0123456789abcdef\nlast\nunfinished';
  const records = ['one', '', 'two', '0123456789', '0123456789', '0123456789', 'last'];
  for (let size = 1; size <= text.length; size++) t.same(split(text, size), [records, [11, 16]], `${size}`);
});

t.test('of a record without an end the beginning is kept', async (t) => {
  const cut: number[] = [];
  const splitter = new RecordSplitter(1000, (length) => cut.push(length));
  const block = Buffer.alloc(100_000, 0x61);
  for (let i = 0; i < 1000; i++) t.same(splitter.push(block), []);
  t.same(splitter.push(Buffer.from('\n')).map(String), ['a'.repeat(1000)]);
  t.same(cut, [100_000_000]);
});
