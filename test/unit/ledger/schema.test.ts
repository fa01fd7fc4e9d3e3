import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { migrate, tune } from '../../../src/ledger/schema.js';

t.test('a new file gets the schema once', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const version = database.pragma('user_version', { simple: true });
  t.equal(version, 5);
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

t.test('a file of an earlier schema gets what came since, and keeps what it has', async (t) => {
  for (const version of [1, 2]) {
    const database = new Database(':memory:');
    t.teardown(() => database.close());
    for (const statements of EARLIER.slice(0, version)) database.exec(statements);
    database.pragma(`user_version = ${version}`);
    migrate(database);
    t.equal(database.pragma('user_version', { simple: true }), 5);
    t.same(database.prepare('SELECT * FROM ban').all(), [
      { address: '192.0.2.7', jail: 'manual', reason: '', since: 1, until: null, first: null, times: 1 },
      { address: '192.0.2.8', jail: 'sshd', reason: 'r', since: 2, until: 9, first: null, times: 1 },
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

t.test('one address has one ban of a jail, and columns have types', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const put = database.prepare('INSERT INTO ban (address, jail, reason, since, until) VALUES (?, ?, ?, ?, ?)');
  put.run('192.0.2.7', 'sshd', '', 1, null);
  put.run('192.0.2.7', 'manual', '', 1, null);
  t.throws(() => put.run('192.0.2.7', 'sshd', '', 2, null), /UNIQUE/);
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
