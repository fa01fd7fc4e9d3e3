import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { migrate, tune } from '../../../src/ledger/schema.js';

t.test('a new file gets the schema once', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const version = database.pragma('user_version', { simple: true });
  t.equal(version, 8);
  database.exec("INSERT INTO ban (address, jail, reason, since) VALUES ('192.0.2.7', 'manual', '', 1)");
  migrate(database);
  t.equal(database.prepare('SELECT COUNT(*) FROM ban').pluck().get(), 1);
});

/** As the first two schemas were: of version 1 the first statement, of version 2 both. */
const EARLIER = [
  `CREATE TABLE ban (address TEXT NOT NULL, jail TEXT NOT NULL, reason TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
     PRIMARY KEY (address, jail)) STRICT, WITHOUT ROWID;
   CREATE INDEX ban_until ON ban (until) WHERE until IS NOT NULL;
   INSERT INTO ban VALUES ('192.0.2.7', 'manual', '', 1, NULL), ('192.0.2.8', 'sshd', 'r', 2, 9);`,
  `CREATE TABLE position (source TEXT NOT NULL PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
   INSERT INTO position VALUES ('file /a', '{}');`,
];

/** What schemas 3 and 4 added, and rows of that time. */
const FOURTH = `
  ALTER TABLE ban ADD COLUMN first INTEGER;
  ALTER TABLE ban ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
  CREATE TABLE ban_lines (address TEXT NOT NULL, jail TEXT NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (address, jail)) STRICT, WITHOUT ROWID;
  CREATE TABLE history (address TEXT NOT NULL, jail TEXT NOT NULL, bans INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (address, jail)) STRICT, WITHOUT ROWID;
  CREATE TABLE count_log (id INTEGER PRIMARY KEY, counts TEXT NOT NULL) STRICT;
  UPDATE ban SET first = 1, times = 4 WHERE jail = 'sshd';
  INSERT INTO ban_lines VALUES ('192.0.2.8', 'sshd', '["a line"]');
  INSERT INTO history VALUES ('192.0.2.1', 'a', 1, 50, 50), ('192.0.2.9', 'a', 2, 3, 40);`;

t.test('a file of an earlier schema gets what came since, and keeps what it has', async (t) => {
  for (const version of [1, 2]) {
    const database = new Database(':memory:');
    t.teardown(() => database.close());
    for (const statements of EARLIER.slice(0, version)) database.exec(statements);
    database.pragma(`user_version = ${version}`);
    migrate(database);
    t.equal(database.pragma('user_version', { simple: true }), 8);
    t.same(database.prepare('SELECT * FROM ban').all(), [
      {
        id: 1,
        address: '192.0.2.7',
        jail: 'manual',
        reason: '',
        since: 1,
        until: null,
        first: null,
        times: 1,
        scope: null,
      },
      {
        id: 2,
        address: '192.0.2.8',
        jail: 'sshd',
        reason: 'r',
        since: 2,
        until: 9,
        first: null,
        times: 1,
        scope: null,
      },
    ]);
    t.equal(database.prepare('SELECT COUNT(*) FROM position').pluck().get(), version - 1);
    for (const table of ['history', 'ban_lines', 'count_log', 'doubt']) {
      t.equal(database.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get(), 0, table);
    }
  }
});

t.test('a source has one position', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const put = database.prepare('INSERT INTO position VALUES (?, ?)');
  put.run('file /var/log/auth.log', '{}');
  t.throws(() => put.run('file /var/log/auth.log', '{}'), /UNIQUE/);
  t.throws(() => put.run('journal', null), /NOT NULL/);
});

t.test('a file of schema 4 is moved to the order of rows: bans, their lines, the history', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  for (const statements of EARLIER) database.exec(statements);
  database.exec(FOURTH);
  database.pragma('user_version = 4');
  migrate(database);
  const rows = (query: string) => database.prepare(query).raw().all();
  t.same(rows('SELECT * FROM ban'), [
    [1, '192.0.2.7', 'manual', '', 1, null, null, 1, null],
    [2, '192.0.2.8', 'sshd', 'r', 2, 9, 1, 4, null],
  ]);
  t.same(rows('SELECT * FROM ban_lines'), [[2, '["a line"]']]);
  t.same(rows('SELECT * FROM history'), [
    [1, '192.0.2.9', 'a', 2, 3, 40],
    [2, '192.0.2.1', 'a', 1, 50, 50],
  ]);
  t.same(rows('SELECT source, position FROM position'), [['file /a', '{}']]);
  t.same(rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name").flat(), [
    'ban',
    'ban_extension',
    'ban_lines',
    'count_log',
    'doubt',
    'history',
    'jail_scope',
    'mark',
    'position',
  ]);
  t.match(database.prepare('EXPLAIN QUERY PLAN SELECT 1 FROM ban WHERE until <= 5').all(), [{ detail: /ban_until/ }]);
});

t.test('columns have types', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const put = database.prepare('INSERT INTO ban (address, jail, reason, since, until) VALUES (?, ?, ?, ?, ?)');
  t.throws(() => put.run('192.0.2.8', 'sshd', '', 'yesterday', null), /cannot store TEXT/);
  t.throws(() => put.run('192.0.2.8', null, '', 1, null), /NOT NULL/);
});

t.test('a file of a newer dropset is left alone', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  database.pragma('user_version = 99');
  t.throws(() => migrate(database), {
    code: 'ledger',
    message: ':memory: was written by a newer dropset (schema 99): upgrade dropset',
  });
  t.same(database.prepare('SELECT name FROM sqlite_schema').all(), []);
});

t.test('write-ahead logging, and patience with another writer', async (t) => {
  const database = new Database(join(t.testdir(), 'ledger.db'));
  t.teardown(() => database.close());
  tune(database);
  t.equal(database.pragma('journal_mode', { simple: true }), 'wal');
  t.equal(database.pragma('synchronous', { simple: true }), 1);
  t.equal(database.pragma('busy_timeout', { simple: true }), 2000);
  migrate(database);
  t.equal(database.pragma('auto_vacuum', { simple: true }), 2, 'free pages can be given back');
});

t.test('what a ban was extended by goes with it, and with another in its place', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  database.exec("INSERT INTO ban (id, address, jail, reason, since) VALUES (1, 'a', 'j', '', 5), (2, 'b', 'j', '', 5)");
  database.exec('INSERT INTO ban_extension VALUES (1, 3, 5, 5), (2, 3, 5, 5)');
  database.exec('UPDATE ban SET until = 9');
  const left = () => database.prepare('SELECT id FROM ban_extension').pluck().all();
  t.same(left(), [1, 2]);
  database.exec('UPDATE ban SET since = 6 WHERE id = 2');
  t.same(left(), [1]);
  database.exec('DELETE FROM ban WHERE id = 1');
  t.same(left(), []);
});
