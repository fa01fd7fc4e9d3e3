import t from 'tap';
import { haproxy } from '../../../../../src/backends/denyfile/formats/haproxy.js';
import { Prefix } from '../../../../../src/model/prefix.js';

t.test('addresses and prefixes of both families', async (t) => {
  for (const address of ['192.0.2.7', '192.0.2.0/24', '2001:db8::7', '2001:db8::/32']) {
    t.equal(haproxy.line(Prefix.parse(address)), `${address} 1\n`);
  }
  t.match(haproxy.head, /^(?:# [^\n]+\n)?$/);
});
