import t from 'tap';
import { apache24 } from '../../../../../src/backends/denyfile/formats/apache24.js';
import { Prefix } from '../../../../../src/model/prefix.js';

t.test('addresses and prefixes of both families', async (t) => {
  for (const address of ['192.0.2.7', '192.0.2.0/24', '2001:db8::7', '2001:db8::/32']) {
    t.equal(apache24.line(Prefix.parse(address)), `Require not ip ${address}\n`);
  }
  t.match(apache24.head, /^(?:# [^\n]+\n)?$/);
});
