import t from 'tap';
import { Allowed } from '../../../src/backends/allowed.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Random } from '../../random.js';

const p = Prefix.parse;
const allowed = (...addresses: string[]): Allowed => new Allowed(addresses.map((address) => p(address)));

t.test('who is covered', async (t) => {
  const some = allowed('10.0.0.0/8', '10.1.0.0/16', '2001:db8::1');
  t.same([...some.prefixes.keys()], ['10.0.0.0/8', '2001:db8::1']);
  t.ok(some.covers(p('10.2.3.4')));
  t.ok(some.covers(p('10.0.0.0/8')));
  t.notOk(some.covers(p('0.0.0.0/1')));
  t.notOk(some.covers(p('192.0.2.1')));
});

t.test('what is left of a prefix', async (t) => {
  const cut = (prefix: string, ...passing: string[]): string =>
    allowed(...passing)
      .cut(p(prefix))
      ?.join(' ') ?? 'too many';
  t.equal(cut('192.0.2.7'), '192.0.2.7');
  t.equal(cut('192.0.2.7', '192.0.2.7'), '');
  t.equal(cut('192.0.2.0/30', '10.0.0.0/8', '192.0.2.2'), '192.0.2.0/31 192.0.2.3');
  t.equal(cut('192.0.2.0/29', '192.0.2.0', '192.0.2.6/31'), '192.0.2.1 192.0.2.2/31 192.0.2.4/31');
  t.equal(cut('2001:db8::/126', '2001:db8::3'), '2001:db8::/127 2001:db8::2');
  t.equal(cut('0.0.0.0/0', '128.0.0.0/1'), '0.0.0.0/1');
});

t.test('an address is in a piece exactly if it does not pass', async (t) => {
  const random = new Random(7);
  const address = (): Prefix => p(`10.0.${random.below(8)}.${random.below(256)}`);
  for (let round = 0; round < 50; round++) {
    const passing = Array.from({ length: 12 }, () => address().widened(22 + random.below(11)));
    const pieces = new Allowed(passing).cut(p('10.0.0.0/21')) as readonly Prefix[];
    t.ok(
      pieces.every((piece, index) => !pieces[index + 1]?.overlaps(piece)),
      'disjoint',
    );
    for (let tries = 0; tries < 20; tries++) {
      const one = address();
      const isIn = pieces.some((piece) => piece.covers(one));
      if (isIn === passing.some((prefix) => prefix.covers(one))) t.fail(`${one} of ${passing}: ${pieces}`);
    }
  }
});

t.test('more pieces than anybody would read', async (t) => {
  const many = Array.from({ length: 3000 }, (_, index) => p(`2001:db8::${index.toString(16)}:0:0:1`));
  t.equal(new Allowed(many).cut(p('2001:db8::/32')), undefined);
  t.equal(allowed('2001:db8::7').cut(p('2001:db8::/64'))?.length, 64);
  t.equal(allowed('192.0.2.7').cut(p('192.0.2.0/24'))?.length, 8);
});
