import t from 'tap';
import {
  ADD,
  byRule,
  decodeFound,
  FOUND,
  OBSERVE,
  RECORD,
  REMOVE,
  Records,
  recordsOf,
} from '../../../src/bpf/records.js';
import { Prefix } from '../../../src/model/prefix.js';
import { xdpNative } from '../../../src/native.js';

const { layout } = xdpNative();

/** `SIZE` is the structure's, every other name a field's. */
function compare(name: string, offsets: Readonly<Record<string, number>>): void {
  for (const [field, offset] of Object.entries(offsets)) {
    const there = field === 'SIZE' ? name : `${name}.${field.toLowerCase()}`;
    t.equal(layout[there], offset, there);
  }
}

compare('record', RECORD);
compare('found', FOUND);

t.test('a record of each family', async (t) => {
  const records = new Records().reset(2);
  records.add(Prefix.parse('192.0.2.0/24'), ADD | OBSERVE, 1500);
  records.add(Prefix.parse('2001:db8::ffff:1'), ADD | byRule(255), Number.POSITIVE_INFINITY);
  const { bytes } = records;
  t.equal(bytes.length, 2 * RECORD.SIZE);
  t.equal(bytes.readBigUInt64LE(RECORD.HIGH), 0xc0000200_00000000n);
  t.equal(bytes.readBigUInt64LE(RECORD.LOW), 0n);
  t.equal(bytes.readUInt32LE(RECORD.KIND), 0x418);
  t.equal(bytes.readUInt32LE(RECORD.VERB), 3);
  t.equal(bytes.readDoubleLE(RECORD.LEFT), 1500);
  const second = bytes.subarray(RECORD.SIZE);
  t.equal(second.readBigUInt64LE(RECORD.HIGH), 0x20010db8_00000000n);
  t.equal(second.readBigUInt64LE(RECORD.LOW), 0xffff0001n);
  t.equal(second.readUInt32LE(RECORD.KIND), 0x680);
  t.equal(second.readUInt32LE(RECORD.VERB), 0xff01);
  t.equal(second.readDoubleLE(RECORD.LEFT), Number.POSITIVE_INFINITY);
});

t.test('the buffer is used again, and grows', async (t) => {
  const records = new Records();
  records.reset(1).add(Prefix.parse('2001:db8::1'), ADD, 1);
  records.reset(1).add(Prefix.parse('192.0.2.7'), REMOVE, 0);
  t.same(records.bytes, recordsOf([Prefix.parse('192.0.2.7')]), 'nothing of IPv6 is left');
  records.reset(1000);
  for (let i = 0; i < 1000; i++) records.add(Prefix.parse(`10.0.${i >> 8}.${i & 255}`), ADD, i);
  t.equal(records.bytes.length, 1000 * RECORD.SIZE);
  t.equal(records.bytes.readDoubleLE(999 * RECORD.SIZE + RECORD.LEFT), 999);
  t.equal(recordsOf([]).length, 0);
});

t.test('what was found', async (t) => {
  const bytes = Buffer.alloc(FOUND.SIZE * 3);
  recordsOf([Prefix.parse('192.0.2.0/25')]).copy(bytes, 0, 0, 20);
  bytes.writeDoubleLE(5.5, FOUND.LEFT);
  bytes.writeBigUInt64LE(7n, FOUND.PACKETS);
  bytes.writeBigUInt64LE(2n ** 40n, FOUND.BYTES);
  bytes.writeUInt32LE(0x80000001, FOUND.SLOT);
  bytes.writeUInt32LE(0xffffffff, FOUND.TAG);
  bytes.writeUInt32LE(0x7fffffff, FOUND.STATE);
  bytes.writeUInt32LE(9, FOUND.RULE);
  recordsOf([Prefix.parse('2001:db8::/61')]).copy(bytes, FOUND.SIZE * 2, 0, 20);
  const [first, none, last] = [...decodeFound(bytes)];
  t.equal(first?.prefix.text, '192.0.2.0/25');
  t.match(first, { left: 5.5, packets: 7, bytes: 2 ** 40, slot: 0x80000001, tag: 0xffffffff });
  t.match(first, { observes: true, rule: 9 });
  t.match(last, { observes: false, rule: 0 });
  t.equal(none, undefined);
  t.equal(last?.prefix.text, '2001:db8::/61');
});
