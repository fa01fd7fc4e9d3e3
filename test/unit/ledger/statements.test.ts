import Database from 'better-sqlite3';
import t from 'tap';
import { migrate } from '../../../src/ledger/schema.js';
import { AT_ONCE, prepare } from '../../../src/ledger/statements.js';

const NOW = 1000;

function filled(t: { teardown(end: () => void): void }) {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const sql = prepare(database);
  sql.insert.run([1, '192.0.2.1', 'sshd', 'r', 0, NOW, null]);
  sql.insert.run([2, '192.0.2.2', 'sshd', 'r', 0, NOW + 1, null]);
  sql.insert.run([3, '192.0.2.2', 'web', 'r', 0, NOW + 2, null]);
  sql.insert.run([4, '192.0.2.3', 'sshd', 'r', 0, NOW + 9, null]);
  sql.insert.run([5, '192.0.2.3', 'web', 'r', 0, null, null]);
  return { database, sql };
}

t.test('a ban that ends now has ended: live and ended never overlap', async (t) => {
  const { sql } = filled(t);
  for (const now of [NOW - 1, NOW, NOW + 1, NOW + 2, NOW + 9, NOW + 100]) {
    const ended = sql.ended.all({ now, size: 100 }).length;
    t.equal(sql.page.all({ now, behind: 0, size: 100 }).length + ended, 5, `${now}`);
    t.equal(sql.ends.all({ now, behind: 0, size: 100 }).length + ended, 5, `${now}`);
    t.equal(sql.countEnded.get({ now, behind: 0 })?.n, ended);
  }
});

t.test('what goes leaves its history and takes its lines, in a range of rows', async (t) => {
  const { database, sql } = filled(t);
  for (const id of [1, 2]) sql.putLines.run(id, '["line"]');
  sql.retire.run({ behind: 1, end: 3, offset: 10 });
  for (const statement of sql.removeRange) statement.run({ behind: 1, end: 3 });
  const rows = (table: string) => database.prepare(`SELECT id FROM ${table} ORDER BY 1`).pluck().all();
  t.same(rows('ban'), [1, 4, 5]);
  t.same(rows('history'), [12, 13]);
  t.same(rows('ban_lines'), [1]);
});

t.test('many at once are as many', async (t) => {
  const { sql } = filled(t);
  const values = Array.from({ length: AT_ONCE }, (_, index) => [index + 10, '10.0.0.1', 'a', '', 0, null, 'tcp/22']);
  t.equal(sql.insertMany.run(values.flat()).changes, AT_ONCE);
});

t.test('the next end is found by the index, and eternal bans have none', async (t) => {
  const { database, sql } = filled(t);
  t.equal(sql.nextEnd.get()?.until, NOW);
  for (const statement of [sql.nextEnd.source, sql.ended.source]) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${statement.replace(/@\w+/g, '1')}`).all() as {
      detail: string;
    }[];
    t.match(plan[0]?.detail, /INDEX ban_until/);
  }
});
