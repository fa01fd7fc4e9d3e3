import t from 'tap';
import { Never, withBuiltIn } from '../../../src/jails/never.js';
import { Prefix } from '../../../src/model/prefix.js';

const never = new Never([Prefix.parse('192.0.2.0/24'), Prefix.parse('2001:db8::1')]);
const refusal = (text: string): string | undefined => never.refusal(Prefix.parse(text));

t.test('what may be banned', async (t) => {
  for (const text of ['198.51.100.7', '192.0.3.0/24', '11.0.0.0/8', '2001:db8::2', '2a00::/16', '::2', '0.0.0.1']) {
    t.equal(refusal(text), undefined, text);
  }
});

t.test('what may not, and why', async (t) => {
  const table: [string, RegExp][] = [
    ['192.0.2.7', /^192\.0\.2\.7 is covered by the never-rule 192\.0\.2\.0\/24, which stands in the configuration$/],
    ['192.0.0.0/16', /^192\.0\.0\.0\/16 contains the never-rule 192\.0\.2\.0\/24/],
    ['2001:db8::/64', /contains the never-rule 2001:db8::1/],
    ['127.1.2.3', /covered by the never-rule 127\.0\.0\.0\/8, which is built in \(the loopback network/],
    ['::ffff:127.0.0.1', /^127\.0\.0\.1 is covered/],
    ['::1', /loopback address/],
    ['0.0.0.0', /unspecified/],
    ['::', /unspecified/],
    ['0.0.0.0/0', /^0\.0\.0\.0\/0 is the whole IPv4 internet/],
    ['::/0', /^::\/0 is the whole IPv6 internet/],
    ['64.0.0.0/7', /^64\.0\.0\.0\/7 is too wide: a ban covers at most a \/8 of IPv4$/],
    ['2a00::/15', /too wide: a ban covers at most a \/16 of IPv6$/],
  ];
  for (const [text, expected] of table) t.match(refusal(text), expected, text);
});

t.test('the rules can be read', async (t) => {
  t.same(never.prefixes.map(String), ['127.0.0.0/8', '::1', '0.0.0.0', '::', '192.0.2.0/24', '2001:db8::1']);
});

t.test('other rules hold at once, the built-in ones always', async (t) => {
  const rules = new Never([Prefix.parse('192.0.2.0/24')]);
  rules.replace([Prefix.parse('198.51.100.1')]);
  t.equal(rules.refusal(Prefix.parse('192.0.2.7')), undefined);
  t.match(rules.refusal(Prefix.parse('198.51.100.1')), /stands in the configuration/);
  t.match(rules.refusal(Prefix.parse('127.0.0.1')), /is built in/);
  t.same(rules.prefixes, withBuiltIn([Prefix.parse('198.51.100.1')]));
});

t.test('a rule says what it is, and others take its place', async (t) => {
  const never = new Never([{ prefix: Prefix.parse('192.0.2.9'), clause: 'is what office.example resolves to' }]);
  const [asked, other] = [Prefix.parse('192.0.2.9'), Prefix.parse('198.51.100.1')];
  t.equal(
    never.refusal(asked),
    '192.0.2.9 is covered by the never-rule 192.0.2.9, which is what office.example resolves to',
  );
  never.replace([other]);
  t.equal(never.refusal(asked), undefined);
  t.match(never.refusal(other), /stands in the configuration/);
  t.match(never.refusal(Prefix.parse('127.0.0.1')), /built in/);
  t.equal(never.rules.length, 5);
});
