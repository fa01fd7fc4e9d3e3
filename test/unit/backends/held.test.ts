import t from 'tap';
import { Held } from '../../../src/backends/held.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Change } from '../../../src/model/street.js';

const p = Prefix.parse;
const add = (address: string, until: number | null = null): Change => ({ verb: 'add', prefix: p(address), until });
const remove = (address: string): Change => ({ verb: 'remove', prefix: p(address) });
const texts = (elements: Iterable<{ readonly prefix: Prefix }>): string[] =>
  [...elements].map(({ prefix }) => prefix.text);

t.test('what it holds, and what has ended', async (t) => {
  let now = 1000;
  const held = new Held({ clock: () => now });
  t.equal(held.nextEnd, Number.POSITIVE_INFINITY);
  for (const change of [add('192.0.2.1', 3000), add('192.0.2.2', 2000), add('2001:db8::/32')]) held.enter(change);
  t.equal(held.nextEnd, 2000);
  now = 1999;
  t.same(texts(held.takeEnded()), []);
  now = 2000;
  t.same(texts(held.live()), ['192.0.2.1', '2001:db8::/32']);
  t.same(held.lookup([p('192.0.2.2'), p('192.0.2.1')]), [undefined, { prefix: p('192.0.2.1'), until: 3000 }]);
  t.equal(held.count, 3, 'it is still there');
  t.same(texts(held.takeEnded()), ['192.0.2.2']);
  t.equal(held.count, 2);
  t.equal(held.nextEnd, 3000);
  held.enter(remove('192.0.2.1'));
  t.notOk(held.has(p('192.0.2.1')));
  held.clear();
  t.same([held.count, held.nextEnd], [0, Number.POSITIVE_INFINITY]);
});

t.test('room', async (t) => {
  const held = new Held({ size: 2, clock: () => 0 });
  for (const address of ['192.0.2.1', '192.0.2.2']) held.enter(add(address));
  held.admit([add('192.0.2.1', 5), add('192.0.2.3'), remove('192.0.2.2')]);
  t.throws(() => held.admit([add('192.0.2.3'), remove('192.0.2.9')]), {
    fault: 'element',
    message: 'the set is full: it holds 2 elements; raise size in [backend]',
  });
});
