import t from 'tap';
import { isOurRule, routeOf, writeRule, writeStep } from '../../../../src/backends/route/messages.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Encoder } from '../../../../src/netlink/encoder.js';
import { HEADER } from '../../../../src/netlink/protocol.js';

const p = Prefix.parse;

const stepped = (
  ...[step, table, sequence, isLast]: Parameters<typeof writeStep> extends [unknown, ...infer R] ? R : never
) => {
  const encoder = new Encoder();
  writeStep(encoder, step, table, sequence, isLast);
  return encoder.bytes.toString('hex').replace(/(.{8})(?=.)/g, '$1 ');
};

t.test('a route that is added: only where none is (NLM_F_CREATE | NLM_F_EXCL)', async (t) => {
  t.equal(
    stepped({ verb: 'add', kind: 'blackhole', prefix: p('192.0.2.0/24') }, 213, 7, false),
    // length 44, RTM_NEWROUTE, flags; family, length; protocol 213, universe, RTN_BLACKHOLE; RTA_DST; RTA_TABLE
    '2c000000 18000106 07000000 00000000 02180000 00d50006 00000000 08000100 c0000200 08000f00 d5000000',
  );
  t.match(
    stepped({ verb: 'add', kind: 'throw', prefix: p('192.0.2.7') }, 213, 7, true),
    /^2c000000 18000506 .* 00d50009/,
  );
});

t.test('a route that is removed: of any scope, of our protocol and kind alone', async (t) => {
  const bytes = stepped({ verb: 'remove', kind: 'blackhole', prefix: p('2001:db8::/32') }, 70_000, 9, false);
  t.match(
    bytes,
    /^38000000 19000100 09000000 00000000 0a200000 00d5ff06 00000000 14000100 20010db8 .* 08000f00 70110100$/,
  );
});

t.test('the kernel tells of a route as we wrote it', async (t) => {
  for (const [kind, address] of [
    ['blackhole', '192.0.2.7'],
    ['throw', '2001:db8::/48'],
    ['blackhole', '0.0.0.0/0'],
  ] as const) {
    const encoder = new Encoder();
    writeStep(encoder, { verb: 'add', kind, prefix: p(address) }, 70_000, 1, false);
    const { table, prefix, kind: told } = routeOf(encoder.bytes.subarray(HEADER)) ?? {};
    t.same([table, prefix?.text, told], [70_000, address, kind]);
  }
});

t.test('what is not ours, and what is no route', async (t) => {
  // Protocol static, type unicast, table 213 in the header alone; no destination.
  const route = routeOf(Buffer.from([2, 0, 0, 0, 213, 4, 0, 1, 0, 0, 0, 0]));
  t.same([route?.table, route?.prefix.text, route?.kind], [213, '0.0.0.0/0', undefined]);
  t.equal(routeOf(Buffer.from([7, 0, 0, 0, 213, 4, 0, 1, 0, 0, 0, 0])), undefined);
  t.equal(routeOf(Buffer.from([2, 0])), undefined);
  t.equal(routeOf(Buffer.from([2, 32, 0, 0, 213, 213, 0, 6, 0, 0, 0, 0, 6, 0, 1, 0, 1, 2, 0, 0])), undefined);
});

t.test('a rule', async (t) => {
  const encoder = new Encoder();
  writeRule(encoder, 'add', 6, 213, 3);
  t.equal(
    encoder.bytes.toString('hex').replace(/(.{8})(?=.)/g, '$1 '),
    '34000000 20000506 03000000 00000000 0a000000 00000001 00000000 08000600 d5000000 08000f00 d5000000 05001500 d5000000',
  );
  const payload = encoder.bytes.subarray(HEADER);
  t.ok(isOurRule(payload, 213));
  t.notOk(isOurRule(payload, 214));
  t.notOk(isOurRule(payload.subarray(0, 8), 213));
});
