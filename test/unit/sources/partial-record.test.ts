import t from 'tap';
import { PartialRecord } from '../../../src/sources/partial-record.js';

const bytes = (text: string): Buffer => Buffer.from(text);

t.test('pieces become a record, and it begins anew', async (t) => {
  const partial = new PartialRecord(1000);
  partial.append(bytes('one '));
  partial.append(bytes('two '));
  t.equal(partial.length, 8);
  const record = partial.finish(bytes('three'));
  t.equal(partial.length, 0);
  t.equal(partial.finish(bytes('four')).toString(), 'four');
  t.equal(record.toString(), 'one two three');
});

t.test('nothing is kept beyond the limit', async (t) => {
  const partial = new PartialRecord(300);
  t.equal(partial.finish(Buffer.alloc(400)).length, 300);
  for (let i = 0; i < 299; i++) partial.append(bytes('a'));
  partial.append(bytes('bcd'));
  partial.append(bytes('e'));
  t.equal(partial.length, 303);
  t.equal(partial.finish(bytes('f')).toString(), `${'a'.repeat(299)}b`);
});

t.test('single bytes cost no object each', async (t) => {
  const partials = Array.from({ length: 256 }, () => new PartialRecord(70_000));
  const before = process.memoryUsage().heapUsed;
  const byte = bytes('a');
  for (const partial of partials) for (let i = 0; i < 10_000; i++) partial.append(byte);
  t.ok(process.memoryUsage().heapUsed - before < 50_000_000);
});
