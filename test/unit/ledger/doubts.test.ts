import Database from 'better-sqlite3';
import t from 'tap';
import { Doubts } from '../../../src/ledger/doubts.js';
import { migrate } from '../../../src/ledger/schema.js';

t.test('addresses are in doubt until they are settled, in order, and no number comes twice', (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const doubts = new Doubts(database);
  const first = doubts.enter(['192.0.2.1', '2001:db8::/48']);
  const second = doubts.enter(['192.0.2.2']);
  t.same(doubts.all(), [
    { id: first, addresses: ['192.0.2.1', '2001:db8::/48'] },
    { id: second, addresses: ['192.0.2.2'] },
  ]);
  doubts.settle(second);
  t.same(
    doubts.all().map(({ id }) => id),
    [first],
  );
  t.not(doubts.enter(['192.0.2.3']), second);
  t.end();
});
