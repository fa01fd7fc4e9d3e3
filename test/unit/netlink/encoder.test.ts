import t from 'tap';
import { byType } from '../../../src/netlink/attributes.js';
import { Encoder } from '../../../src/netlink/encoder.js';
import { messages } from '../../../src/netlink/messages.js';

t.test('a message with one attribute of each kind', async (t) => {
  const encoder = new Encoder(16);
  encoder.message(0x0a0c, 0x0405, 7).raw(1, 0, 0, 0);
  encoder
    .u8(1, 0xab)
    .u32(2, 0xdeadbeef)
    .u64(3, 2 ** 40 + 5)
    .string(4, 'ab')
    .bytesOf(5, Uint8Array.of(1, 2, 3));
  encoder.fill(6, 2, { write: (target, offset) => target.writeUInt16BE(0x1234, offset) });
  encoder.nested(7, () => encoder.u8(1, 1)).endMessage();
  t.equal(
    encoder.bytes.toString('hex').replace(/(.{8})(?=.)/g, '$1 '),
    [
      '54000000 0c0a0504 07000000 00000000 01000000',
      '05000100 ab000000',
      '08000200 deadbeef',
      '0c000300 00000100 00000005',
      '07000400 61620000',
      '07000500 01020300',
      '06000600 12340000',
      '0c000780 05000100 01000000',
    ].join(' '),
  );
});

t.test('padding is zeroed when the buffer is used again', async (t) => {
  const encoder = new Encoder(64);
  encoder.bytesOf(1, new Uint8Array(20).fill(0xff)).reset();
  encoder.string(1, 'a').u8(2, 1);
  t.equal(encoder.bytes.toString('hex'), '0600010061000000' + '0500020001000000');
});

t.test('many messages, and a buffer that grows', async (t) => {
  const encoder = new Encoder(4);
  for (let i = 0; i < 50; i++) encoder.message(i, 0, i).string(1, 'x'.repeat(i)).endMessage();
  const found = [...messages(encoder.bytes)];
  t.equal(found.length, 50);
  for (const [index, { type, payload }] of found.entries()) {
    t.equal(type, index);
    t.equal(byType(payload).get(1)?.toString(), `${'x'.repeat(index)}\0`);
  }
});

t.test('what 16 bits of length cannot say is refused', async (t) => {
  const encoder = new Encoder();
  t.throws(() => encoder.bytesOf(1, new Uint8Array(65_532)), RangeError);
  encoder.reset();
  const nest = encoder.nest(1);
  encoder.bytesOf(2, new Uint8Array(65_520));
  encoder.bytesOf(2, new Uint8Array(8));
  t.throws(() => encoder.close(nest), /16 bits/);
  encoder.reset();
  t.doesNotThrow(() => encoder.bytesOf(1, new Uint8Array(65_531)));
  t.equal(encoder.length, 65_536);
});

t.test('records are written in place', async (t) => {
  const encoder = new Encoder(8);
  encoder.string(1, 'a').records(2, 2, (target, at, index) => {
    target[at] = index;
    target[at + 1] = 0xffffffff;
  });
  t.equal(encoder.bytes.toString('hex'), `${'0600010061000000'}00000000ffffffff01000000ffffffff`);
});
