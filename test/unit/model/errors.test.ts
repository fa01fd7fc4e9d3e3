import t from 'tap';
import { DropsetError, messageOf } from '../../../src/model/errors.js';

t.test('an error has a code, a sentence and a cause', async (t) => {
  const cause = new Error('EPERM');
  const error = new DropsetError('permission', 'netlink batch: not permitted', { cause });
  t.ok(error instanceof Error);
  t.equal(error.name, 'DropsetError');
  t.equal(error.code, 'permission');
  t.equal(error.cause, cause);
  t.equal(String(error), 'DropsetError: netlink batch: not permitted');
});

t.test('the cause may be absent', async (t) => {
  t.notOk(Object.hasOwn(new DropsetError('busy', 'taken'), 'cause'));
});

t.test('the sentence of anything that was thrown', async (t) => {
  t.equal(messageOf(new DropsetError('busy', 'taken')), 'taken');
  t.equal(messageOf(new TypeError('wrong')), 'wrong');
  t.equal(messageOf('a string'), 'a string');
  t.equal(messageOf(undefined), 'undefined');
  t.equal(messageOf(Object.create(null, { toString: { value: () => 'odd' } })), 'odd');
});
