import t from 'tap';
import * as expressions from '../../../../src/backends/nftables/expressions.js';
import { at, text } from '../../../../src/netlink/attributes.js';
import { Encoder } from '../../../../src/netlink/encoder.js';

// What they mean is shown by nft itself, which prints rules made of them (ruleset.test.ts). Here: their names.
t.test('each is an element of a list, with its kernel name', async (t) => {
  const named = {
    meta: expressions.loadProtocol,
    cmp: expressions.equals(Uint8Array.of(2)),
    payload: expressions.loadNetworkHeader(12, 4),
    bitwise: expressions.mask(Uint8Array.of(255, 255, 0, 0)),
    lookup: expressions.lookup('ban4'),
    objref: expressions.count('dropped4'),
    immediate: expressions.verdict(-4, 'banned4'),
    ct: expressions.loadDirection,
  };
  for (const [name, expression] of Object.entries(named)) {
    const encoder = new Encoder();
    expression(encoder);
    t.equal(text(at(encoder.bytes, 1, 1) as Buffer), name);
    t.ok(at(encoder.bytes, 1, 2));
  }
});
