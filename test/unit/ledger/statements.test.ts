import Database from 'better-sqlite3';
import t from 'tap';
import { migrate } from '../../../src/ledger/schema.js';
import { prepare } from '../../../src/ledger/statements.js';

const NOW = 1000;

function filled(t: { teardown(end: () => void): void }) {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const sql = prepare(database);
  sql.put.run('192.0.2.1', 'sshd', 'r', 0, NOW);
  sql.put.run('192.0.2.2', 'sshd', 'r', 0, NOW + 1);
  sql.put.run('192.0.2.2', 'web', 'r', 0, NOW + 2);
  sql.put.run('192.0.2.3', 'sshd', 'r', 0, NOW + 9);
  sql.put.run('192.0.2.3', 'web', 'r', 0, null);
  return { database, sql };
}

t.test('a ban that ends now has ended: live and ended never overlap', async (t) => {
  const { sql } = filled(t);
  for (const now of [NOW - 1, NOW, NOW + 1, NOW + 2, NOW + 9, NOW + 100]) {
    const ended = sql.ended.all({ now, size: 100 }).length;
    t.equal((sql.count.get({ now })?.n ?? 0) + ended, 5, `${now}`);
  }
  t.equal(sql.count.get({ now: NOW })?.n, 4);
});

t.test('bans of one address together', async (t) => {
  const { sql } = filled(t);
  const union = (address: string) => sql.union.get({ now: NOW, address });
  t.match(union('192.0.2.1'), { bans: 0 });
  t.match(union('192.0.2.2'), { bans: 2, ending: 2, until: NOW + 2 });
  t.match(union('192.0.2.3'), { bans: 2, ending: 1 });
  t.same(
    sql.unions.all({ now: NOW, last: '', size: 10 }).map(({ address }) => address),
    ['192.0.2.2', '192.0.2.3'],
  );
  t.same(
    sql.unions.all({ now: NOW, last: '192.0.2.2', size: 10 }).map(({ address }) => address),
    ['192.0.2.3'],
  );
});

t.test('what goes leaves its history and takes its lines, in a range of addresses', async (t) => {
  const { database, sql } = filled(t);
  for (const last of ['192.0.2.1', '192.0.2.2']) sql.putLines.run(last, 'sshd', '["line"]');
  for (const statement of sql.liftRange) statement.run({ last: '192.0.2.1', end: '192.0.2.2' });
  const rows = (table: string) =>
    database.prepare(`SELECT address || ' ' || jail FROM ${table} ORDER BY 1`).pluck().all();
  t.same(rows('ban'), ['192.0.2.1 sshd', '192.0.2.3 sshd', '192.0.2.3 web']);
  t.same(rows('history'), ['192.0.2.2 sshd', '192.0.2.2 web']);
  t.same(rows('ban_lines'), ['192.0.2.1 sshd']);
});

t.test('the next end is found by the index, and eternal bans have none', async (t) => {
  const { database, sql } = filled(t);
  t.equal(sql.nextEnd.get()?.until, NOW);
  const plan = database
    .prepare('EXPLAIN QUERY PLAN SELECT MIN(until) AS until FROM ban WHERE until IS NOT NULL')
    .all() as { detail: string }[];
  t.match(plan[0]?.detail, /INDEX ban_until/);
});

t.test('positions: put, replaced, in the order of their sources', async (t) => {
  const { sql } = filled(t);
  sql.putPosition.run('journal', '1');
  sql.putPosition.run('file /a', '2');
  sql.putPosition.run('journal', '3');
  t.same(sql.positions.all(), [
    { source: 'file /a', position: '2' },
    { source: 'journal', position: '3' },
  ]);
});
