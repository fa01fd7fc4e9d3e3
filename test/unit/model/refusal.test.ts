import t from 'tap';
import { DropsetError } from '../../../src/model/errors.js';
import { Prefix } from '../../../src/model/prefix.js';
import { type Fault, Refusal } from '../../../src/model/refusal.js';

t.test('a refusal is a kernel error that says where the fault lies', async (t) => {
  for (const fault of ['element', 'backend', 'passing'] satisfies Fault[]) {
    const cause = new Error('ENOBUFS');
    const refusal = new Refusal(fault, 'netlink batch: no room', { cause });
    t.ok(refusal instanceof DropsetError);
    t.match(refusal, { name: 'Refusal', code: 'kernel', message: 'netlink batch: no room', fault });
    t.equal(refusal.cause, cause);
  }
});

t.test('it names the element where the kernel pointed at one', async (t) => {
  const element = Prefix.parse('192.0.2.7');
  t.equal(new Refusal('element', 'no', { element }).element, element);
  t.equal(new Refusal('element', 'no').element, undefined);
});
