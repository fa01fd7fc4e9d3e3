import t from 'tap';
import { ElementLayout, elementSize } from '../../../../src/backends/nftables/element-layout.js';
import { DATA, ELEM, LIST_ELEM } from '../../../../src/backends/nftables/protocol.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Encoder } from '../../../../src/netlink/encoder.js';

/** The slow way: attribute by attribute, through the codec. */
function byCodec(address: Prefix, timeout?: number, number?: number): Buffer {
  const encoder = new Encoder();
  encoder.nested(LIST_ELEM, () => {
    encoder.nested(ELEM.KEY, () => encoder.fill(DATA.VALUE, address.family === 4 ? 4 : 16, address));
    if (number !== undefined) {
      encoder.nested(ELEM.DATA, () => encoder.bytesOf(DATA.VALUE, Uint8Array.of(number & 255, number >> 8, 0, 0)));
    }
    if (timeout !== undefined) encoder.u64(ELEM.TIMEOUT, timeout);
  });
  return encoder.bytes;
}

t.test('by hand as by the codec', async (t) => {
  for (const text of ['192.0.2.7', '255.255.255.255', '2001:db8::1']) {
    const address = Prefix.parse(text);
    for (const timeout of [undefined, 0, 1, 3_600_000, 2 ** 32, 2 ** 45 + 7]) {
      const layout = new ElementLayout(address.family, { timed: timeout !== undefined });
      t.equal(layout.size, elementSize(address.family === 4 ? 4 : 16, { timed: timeout !== undefined }));
      const words = new Uint32Array(layout.size / 4).fill(0xeeeeeeee);
      if (timeout === undefined) layout.write(words, 0, address);
      else layout.writeTimed(words, 0, address, timeout);
      const bytes = Buffer.from(words.buffer);
      t.equal(bytes.toString('hex'), byCodec(address, timeout).toString('hex'), `${text} ${timeout}`);
    }
  }
});

t.test('what leads to a number', async (t) => {
  for (const text of ['192.0.2.7', '2001:db8::1']) {
    const address = Prefix.parse(text);
    for (const number of [1, 0x1234]) {
      for (const timeout of [undefined, 0, 2 ** 45 + 7]) {
        const shape = { numbered: true, timed: timeout !== undefined };
        const layout = new ElementLayout(address.family, shape);
        t.equal(layout.size, elementSize(address.family === 4 ? 4 : 16, shape));
        const words = new Uint32Array(layout.size / 4).fill(0xeeeeeeee);
        if (timeout === undefined) t.equal(layout.writeNumbered(words, 0, address, number), words.length);
        else layout.writeWhole(words, 0, address, number, timeout);
        const bytes = Buffer.from(words.buffer).toString('hex');
        t.equal(bytes, byCodec(address, timeout, number).toString('hex'), `${text} ${number} ${timeout}`);
      }
    }
  }
});
