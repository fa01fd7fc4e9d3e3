import t from 'tap';
import type { Facts } from '../../../src/guard/facts.js';
import { Lockout } from '../../../src/guard/lockout.js';
import { Prefix } from '../../../src/model/prefix.js';
import { LIMITS, NO_FACTS } from '../../service.js';

const p = Prefix.parse;
const FACTS: Facts = {
  ...NO_FACTS,
  own: [p('192.0.2.1'), p('2001:db8::1')],
  gateways: [p('192.0.2.254')],
  resolvers: [p('198.51.100.53')],
  sessions: [
    { peer: p('203.0.113.9'), port: 22 },
    { peer: p('203.0.113.9'), port: 22 },
    { peer: p('203.0.113.10'), port: 2222 },
  ],
  logins: [
    { peer: p('203.0.113.9'), user: 'alice' },
    { peer: p('203.0.113.99'), user: 'bob' },
  ],
};
const lockout = new Lockout(FACTS, LIMITS);

t.test('by hand: each with what would have happened', async (t) => {
  const table: [string, RegExp | undefined][] = [
    [
      '203.0.113.9',
      /^203\.0\.113\.9 has 2 established sessions on port 22, where alice is logged in: the ban would cut them$/,
    ],
    ['203.0.113.10', /^203\.0\.113\.10 has an established session on port 2222: the ban would cut it$/],
    ['203.0.113.0/24', /has 2 established sessions/],
    ['192.0.2.1', /this machine's own address/],
    ['2001:db8::/64', /^2001:db8::1 is this machine's own address/],
    ['192.0.2.254', /default gateway/],
    ['198.51.100.53', /resolves this machine's names/],
    [
      '10.0.0.0/15',
      /^10\.0\.0\.0\/15 is wider than the \/16 that \[guard\] allows of IPv4: the ban would drop 131,072 addresses$/,
    ],
    ['2a00::/31', /wider than the \/32 .* IPv6: the ban would drop 2\^33 networks/],
    ['10.0.0.0/16', undefined],
    ['203.0.113.99', undefined],
  ];
  for (const [text, expected] of table) {
    if (expected) t.match(lockout.refusal(p(text)), expected, text);
    else t.equal(lockout.refusal(p(text)), undefined, text);
  }
});

t.test('where who asks is logged in from', async (t) => {
  const asked = (text: string, client: string) => lockout.refusal(p(text), { client: p(client) });
  t.equal(
    asked('203.0.113.0/24', '203.0.113.9'),
    'you are logged in from 203.0.113.9 through port 22: the ban would cut this session',
  );
  t.match(asked('10.0.0.7', '10.0.0.7'), /^you are logged in from 10\.0\.0\.7: /);
  t.equal(asked('10.0.0.7', '10.0.0.8'), undefined);
});

t.test('a jail: who is logged in is spared, a session alone is no reason', async (t) => {
  t.equal(
    lockout.refusalOfJail(p('203.0.113.9')),
    'alice is logged in from 203.0.113.9: the ban would cut that session',
  );
  t.equal(lockout.refusalOfJail(p('203.0.113.10')), undefined);
  t.equal(lockout.refusalOfJail(p('203.0.113.99')), undefined, 'a login without a connection is over');
  t.match(lockout.refusalOfJail(p('192.0.2.254')), /default gateway/);
});
