import { join } from 'node:path';
import t from 'tap';
import { listResolvers } from '../../../src/guard/resolvers.js';

t.test('servers of all files, each once', async (t) => {
  const folder = t.testdir({
    one: '# nameserver 192.0.2.9\nsearch example\nnameserver 127.0.0.53\n nameserver\t192.0.2.1 # ours\nnameserver nonsense\n',
    two: 'nameserver 192.0.2.1\nnameserver fe80::1%eth0\noptions edns0\n',
  });
  t.same(listResolvers([join(folder, 'one'), '/nowhere', join(folder, 'two')]).map(String), [
    '127.0.0.53',
    '192.0.2.1',
    'fe80::1',
  ]);
  t.ok(Array.isArray(listResolvers()));
});
