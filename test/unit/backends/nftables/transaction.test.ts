import t from 'tap';
import { question, Transaction } from '../../../../src/backends/nftables/transaction.js';
import { Encoder } from '../../../../src/netlink/encoder.js';
import { messages } from '../../../../src/netlink/messages.js';

t.test('begin, messages, end; one acknowledgement, on the last message', async (t) => {
  let sequence = 10;
  const transaction = new Transaction(new Encoder(), () => sequence++);
  transaction.add(0, 0x400, (encoder) => encoder.string(1, 'a')).add(2, 0, (encoder) => encoder.string(1, 'b'));
  const found = [...messages(transaction.finish())];
  t.same(
    found.map(({ type, flags, sequence }) => [type, flags, sequence]),
    [
      [0x10, 1, 10],
      [0xa00, 0x401, 11],
      [0xa02, 0x005, 12],
      [0x11, 1, 13],
    ],
  );
  t.equal(transaction.message(12)?.length, 28);
  t.equal(transaction.message(10), undefined);
});

t.test('a question stands alone', async (t) => {
  const [message] = messages(question(1, 0x300, 5, () => undefined));
  t.match(message, { type: 0xa01, flags: 0x301, sequence: 5 });
});
