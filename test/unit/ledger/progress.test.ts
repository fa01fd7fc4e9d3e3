import Database from 'better-sqlite3';
import t from 'tap';
import { ProgressLog } from '../../../src/ledger/progress.js';
import { migrate } from '../../../src/ledger/schema.js';

t.test('positions: put, replaced, in the order of their sources; counts until a whole replaces them', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const log = new ProgressLog(database);
  log.advance({
    positions: [
      ['journal', '1'],
      ['file /a', '2'],
    ],
  });
  log.advance({ positions: [['journal', '3']], counts: { text: 'one', isWhole: false } });
  t.same(
    [...log.positions()],
    [
      ['file /a', '2'],
      ['journal', '3'],
    ],
  );
  log.advance({ positions: [], counts: { text: 'two', isWhole: false } });
  t.same(log.counts(), ['one', 'two']);
  log.advance({ positions: [], counts: { text: 'all', isWhole: true } });
  t.same(log.counts(), ['all']);
});
