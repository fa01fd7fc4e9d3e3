import t from 'tap';
import { apache22 } from '../../../../../src/backends/denyfile/formats/apache22.js';
import { Prefix } from '../../../../../src/model/prefix.js';

t.test('addresses and prefixes of both families', async (t) => {
  for (const address of ['192.0.2.7', '192.0.2.0/24', '2001:db8::7', '2001:db8::/32']) {
    t.equal(apache22.line(Prefix.parse(address)), `Deny from ${address}\n`);
  }
  t.match(apache22.head, /^(?:# [^\n]+\n)?$/);
});
