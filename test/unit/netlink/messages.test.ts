import t from 'tap';
import { acknowledgement, type Message, messages } from '../../../src/netlink/messages.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ''), 'hex');

t.test('splits datagrams into messages', async (t) => {
  const two = bytes(`15000000 0c0a 0204 07000000 01000000 aabbccdd ee000000
                     10000000 0300 0200 08000000 01000000`);
  const found = [...messages(two)];
  t.equal(found.length, 2);
  t.match(found[0], { type: 0x0a0c, flags: 0x0402, sequence: 7 });
  t.equal(found[0]?.payload.toString('hex'), 'aabbccddee');
  t.equal(found[1]?.payload.length, 0);
});

t.test('stops at what is cut short', async (t) => {
  for (const hex of ['', '10000000', '0f000000 0300 0200 08000000 01000000', '20000000 0300 0200 08000000 01000000']) {
    t.same([...messages(bytes(hex))], [], hex);
  }
});

const error = (payload: string, flags = 0): Message => ({ type: 2, flags, sequence: 9, payload: bytes(payload) });

t.test('acknowledgements', async (t) => {
  const original = '14000000 0c0a 0500 09000000 00000000';
  t.same(acknowledgement(error(`00000000 ${original}`)), { errno: 0, sequence: 9 });
  t.same(acknowledgement(error(`feffffff ${original}`)), { errno: 2, sequence: 9 });
  t.equal(acknowledgement({ type: 3, flags: 0, sequence: 1, payload: bytes('00000000') }), undefined);
  t.equal(acknowledgement(error('feffffff')), undefined, 'cut short');
});

t.test('the kernel’s own sentence and offset, behind a header alone and behind a whole message', async (t) => {
  const attributes = '0b00 0100 6e6f7420746f00 00 0800 0200 3c000000';
  const header = '18000000 0c0a 0500 09000000 00000000';
  t.same(acknowledgement(error(`feffffff ${header} ${attributes}`, 0x300)), {
    errno: 2,
    sequence: 9,
    sentence: 'not to',
    offset: 60,
  });
  t.match(acknowledgement(error(`feffffff ${header} 0800 0100 61620000 ${attributes}`, 0x200)), { offset: 60 });
});
