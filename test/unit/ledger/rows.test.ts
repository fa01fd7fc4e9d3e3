import t from 'tap';
import { isDamage } from '../../../src/ledger/open.js';
import { asPast, banOf, stored, storedScope } from '../../../src/ledger/rows.js';

const ROW = {
  id: 1,
  address: '192.0.2.0/24',
  jail: 'a',
  reason: 'r',
  since: 1,
  until: null,
  first: null,
  times: 1,
  scope: null,
};

t.test('a row is a ban, with its lines where there are any', async (t) => {
  const { prefix, ...rest } = banOf(ROW);
  t.equal(prefix.text, '192.0.2.0/24');
  t.strictSame(rest, { jail: 'a', reason: 'r', since: 1, until: null });
  t.same(banOf(ROW, '["x","y"]').lines, ['x', 'y']);
  t.notOk('lines' in banOf(ROW, null));
  t.same(banOf(ROW, '["x').lines, []);
});

t.test('an address that was never written so is damage', async (t) => {
  for (const text of ['', 'x', '192.0.2.7/24', '2001:DB8::1', '192.0.2.7\u0000']) {
    try {
      stored(text);
      t.fail(text);
    } catch (thrown) {
      t.ok(isDamage(thrown), text);
    }
  }
});

t.test('a ban has the scope that was stored, and one that was never written so is damage', async (t) => {
  t.equal(banOf({ ...ROW, scope: 'observe tcp/22' }).scope?.text, 'observe tcp/22');
  t.notOk('scope' in banOf(ROW));
  t.equal(storedScope(null), undefined);
  for (const text of ['', 'all', 'tcp', 'tcp/443,22', 'tcp/22\u0000']) {
    try {
      storedScope(text);
      t.fail(text);
    } catch (thrown) {
      t.ok(isDamage(thrown), text);
      t.match(String(thrown), /is no scope/);
    }
  }
});

t.test('what a row stands for', async (t) => {
  t.same(asPast(ROW), { address: '192.0.2.0/24', jail: 'a', bans: 1, first: 1, last: 1 });
  t.match(asPast({ ...ROW, since: 9, first: 4, times: 3 }), { bans: 3, first: 4, last: 9 });
});
