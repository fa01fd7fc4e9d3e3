import t from 'tap';
import { errnoName, fromSystem, isSystemError, NetlinkError } from '../../../src/netlink/failure.js';

t.test('names', async (t) => {
  t.same(errnoName(2), { name: 'ENOENT', words: 'no such file or directory' });
  t.same(errnoName(4242), { name: 'E4242', words: 'unknown error' });
});

t.test('a sentence with operation, cause and the kernel’s word', async (t) => {
  const plain = new NetlinkError('batch', { errno: 17 });
  t.equal(plain.message, 'netlink batch: file already exists (EEXIST)');
  t.equal(plain.sequence, undefined);
  const full = new NetlinkError('batch', { errno: 17, sentence: 'no room', sequence: 3, offset: 20 });
  t.equal(full.message, 'netlink batch: file already exists (EEXIST): no room');
  t.match(full, { sequence: 3, offset: 20, operation: 'batch', errno: 17 });
});

t.test('what the addon throws', async (t) => {
  const system = Object.assign(new Error('x'), { errno: 1, syscall: 'socket' });
  t.ok(isSystemError(system));
  t.match(fromSystem(system), { message: 'netlink socket: operation not permitted (EPERM)' });
  const other = new TypeError('mine');
  t.notOk(isSystemError(other));
  t.equal(fromSystem(other), other);
});
