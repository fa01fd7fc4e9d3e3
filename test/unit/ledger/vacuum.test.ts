import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { prepareRelease, release } from '../../../src/ledger/vacuum.js';

/** A file with 20 MB in a table, as an older dropset made it: nothing in it can be given back. */
function filled(t: Test) {
  const path = join(t.testdir(), 'a.db');
  const database = new Database(path);
  t.teardown(() => database.close());
  database.exec('CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT)');
  const put = database.prepare('INSERT INTO a (text) VALUES (?)');
  database.transaction(() => {
    for (let row = 0; row < 5000; row++) put.run('x'.repeat(4000));
  })();
  return { path, database };
}

t.test('a file is prepared once, and then gives back what is free', async (t) => {
  const { path, database } = filled(t);
  t.equal(release(database, 100), false, 'nothing is free');
  database.exec('DELETE FROM a WHERE id > 10');
  t.equal(release(database, 100), false, 'it cannot be given back: to ask again makes no sense');
  const before = statSync(path).size;
  database.exec('BEGIN; ROLLBACK');
  prepareRelease(database);
  t.ok(statSync(path).size < before / 10);
  t.equal(database.pragma('auto_vacuum', { simple: true }), 2);
  const put = database.prepare('INSERT INTO a (text) VALUES (?)');
  for (let row = 0; row < 3000; row++) put.run('x'.repeat(4000));
  prepareRelease(database);
  database.exec('DELETE FROM a');
  let steps = 0;
  while (release(database, 500)) steps++;
  t.equal(steps, 4, 'a thousand pages stay for what comes next');
});

t.test('a few free pages, or a small part of the file, stay', async (t) => {
  const { database } = filled(t);
  prepareRelease(database);
  database.exec('DELETE FROM a WHERE id <= 1100');
  t.equal(release(database, 500), false, 'a fifth');
  database.exec('DELETE FROM a WHERE id <= 1500');
  t.equal(release(database, 200), true);
});
