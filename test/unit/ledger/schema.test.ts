import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { migrate, tune } from '../../../src/ledger/schema.js';

t.test('a new file gets the schema once', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const version = database.pragma('user_version', { simple: true });
  t.equal(version, 2);
  database.exec("INSERT INTO ban VALUES ('192.0.2.7', 'manual', '', 1, NULL)");
  migrate(database);
  t.equal(database.prepare('SELECT COUNT(*) FROM ban').pluck().get(), 1);
});

t.test('a file of the first schema gets what came since, and keeps its bans', async (t) => {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  database.exec("INSERT INTO ban VALUES ('192.0.2.7', 'manual', '', 1, NULL); DROP TABLE position");
  database.pragma('user_version = 1');
  migrate(database);
  t.equal(database.pragma('user_version', { simple: true }), 2);
  t.equal(database.prepare('SELECT COUNT(*) FROM ban').pluck().get(), 1);
  t.equal(database.prepare('SELECT COUNT(*) FROM position').pluck().get(), 0);
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
  const put = database.prepare('INSERT INTO ban VALUES (?, ?, ?, ?, ?)');
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
});
