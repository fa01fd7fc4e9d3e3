import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isDamage, openDatabase, standIn } from '../../../src/ledger/open.js';

const PUT = "INSERT INTO ban (address, jail, reason, since) VALUES ('192.0.2.7', 'a', '', 1)";

t.test("a new file has today's schema, for its owner alone", async (t) => {
  const path = join(t.testdir(), 'folder', 'ledger.db');
  const database = openDatabase(path);
  t.teardown(() => database.close());
  t.equal(database.prepare('SELECT COUNT(*) FROM ban').pluck().get(), 0);
  t.equal(statSync(path).mode & 0o777, 0o600);
});

t.test('a stand-in has what the file has, and leaves it alone', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const file = openDatabase(path);
  file.exec(PUT);
  file.close();
  const { database, isWhole } = standIn(path);
  t.teardown(() => database.close());
  t.equal(isWhole, true);
  t.equal(database.prepare('SELECT COUNT(*) FROM ban').pluck().get(), 1);
  database.exec('DELETE FROM ban');
  const again = openDatabase(path);
  t.teardown(() => again.close());
  t.equal(again.prepare('SELECT COUNT(*) FROM ban').pluck().get(), 1);
});

t.test('what cannot be read is stood in for all the same', async (t) => {
  const folder = t.testdir({ garbage: 'no database '.repeat(500), large: '' });
  truncateSync(join(folder, 'large'), 600 * 1024 * 1024);
  for (const name of ['missing', 'garbage', 'large', '.']) {
    const { database, isWhole } = standIn(join(folder, name));
    t.equal(isWhole, false, name);
    database.exec(PUT);
    database.close();
  }
});

t.test('damage, and what is not', async (t) => {
  const folder = t.testdir();
  writeFileSync(join(folder, 'garbage'), 'no database '.repeat(500));
  const thrownBy = (path: string): unknown => {
    try {
      openDatabase(path).close();
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  };
  t.equal(isDamage(thrownBy(join(folder, 'garbage'))), true);
  t.equal(isDamage(thrownBy(folder)), false);
  t.equal(isDamage(thrownBy(join(folder, 'garbage', 'below'))), false);
  t.equal(isDamage(new Error('x')), false);
});
