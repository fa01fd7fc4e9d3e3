import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openDatabase } from '../../../src/ledger/open.js';
import { type Fault, Store } from '../../../src/ledger/store.js';

const NOW = Date.parse('2026-05-04T12:00:00Z');

function store(t: Test, path: string) {
  const faults: Fault[] = [];
  const it = new Store(
    path,
    () => NOW,
    (fault) => faults.push(fault),
  );
  t.teardown(() => it.database.close());
  return { it, faults };
}

const put = (database: Database.Database, address: string, jail = 'a'): void => {
  database.prepare("INSERT INTO ban (address, jail, reason, since) VALUES (?, ?, '', 1)").run(address, jail);
};
const addresses = (database: Database.Database): unknown[] =>
  database.prepare('SELECT address FROM ban ORDER BY address').pluck().all();
const inFile = (path: string): unknown[] => {
  const database = new Database(path);
  try {
    return addresses(database);
  } finally {
    database.close();
  }
};

t.test('a sound file is used, and nothing is said', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const { it, faults } = store(t, path);
  put(it.database, '192.0.2.7');
  t.same(inFile(path), ['192.0.2.7']);
  t.equal(it.isDurable, true);
  t.equal(it.mend(), true);
  t.same(faults, []);
});

t.test('garbage is set aside, and a new file begun', async (t) => {
  const path = join(t.testdir({ 'ledger.db': 'no database '.repeat(500) }), 'ledger.db');
  const { it, faults } = store(t, path);
  put(it.database, '192.0.2.7');
  t.same(inFile(path), ['192.0.2.7']);
  const aside = `${path}.corrupt-20260504T120000Z`;
  t.same(faults, [
    {
      sentence: `the ledger ${path} was damaged: it is kept as ${aside}, and 0 bans could be read from it`,
      isLoss: true,
    },
  ]);
  t.ok(readdirSync(dirname(path)).includes('ledger.db.corrupt-20260504T120000Z'));
});

t.test('damage that is found out later: what can be read goes on in a new file', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const { it, faults } = store(t, path);
  put(it.database, '192.0.2.7');
  it.replace();
  t.same(addresses(it.database), ['192.0.2.7']);
  put(it.database, '192.0.2.8');
  t.same(inFile(path), ['192.0.2.7', '192.0.2.8']);
  t.match(faults, [{ sentence: /and 1 bans could be read from it$/, isLoss: true }]);
});

t.test('a newer file is left alone', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const newer = openDatabase(path);
  newer.pragma('user_version = 99');
  newer.close();
  t.throws(
    () =>
      new Store(
        path,
        () => NOW,
        () => undefined,
      ),
    { code: 'ledger', message: /newer dropset/ },
  );
  t.same(readdirSync(dirname(path)), ['ledger.db']);
});

t.test('where no file can be, memory stands in, and moves into the file when it can', async (t) => {
  const folder = join(t.testdir({ state: 'a file where a folder should be' }), 'state');
  const path = join(folder, 'ledger.db');
  const { it, faults } = store(t, path);
  t.match(faults, [{ sentence: /cannot be used \(.*\): until it can, bans are in memory/, isLoss: true }]);
  t.equal(it.isDurable, false);
  put(it.database, '192.0.2.7');
  t.equal(it.mend(), false);
  t.same(addresses(it.database), ['192.0.2.7']);
  rmSync(folder);
  t.equal(it.mend(), true);
  t.equal(it.isDurable, true);
  put(it.database, '192.0.2.8');
  t.same(inFile(path), ['192.0.2.7', '192.0.2.8']);
});

t.test('a file that somebody else holds: its bans are known, and what happens meanwhile goes into it', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const before = openDatabase(path);
  for (const address of ['192.0.2.1', '192.0.2.2']) put(before, address);
  before.close();
  const other = new Database(path);
  t.teardown(() => other.close());
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE');
  const { it, faults } = store(t, path);
  t.match(faults, [{ sentence: /locked/, isLoss: false }], 'all of it could be read');
  t.same(addresses(it.database), ['192.0.2.1', '192.0.2.2']);
  it.database.exec("DELETE FROM ban WHERE address = '192.0.2.1'");
  put(it.database, '192.0.2.3');
  t.equal(it.mend(), false);
  other.exec('ROLLBACK');
  other.close();
  t.equal(it.mend(), true);
  t.same(inFile(path), ['192.0.2.2', '192.0.2.3'], 'also what was lifted');
});

t.test(
  'scopes and extensions move with what they are of, into a file that is replaced and into one that is added to',
  async (t) => {
    const SCOPED = `INSERT INTO ban (address, jail, reason, since, scope) VALUES ('192.0.2.7', 'a', '', 1, 'tcp/22');
    INSERT INTO jail_scope VALUES ('a', 'tcp/22');
    INSERT INTO ban_extension SELECT id, 2, 5, 6 FROM ban WHERE address = '192.0.2.7'`;
    const path = join(t.testdir(), 'state', 'ledger.db');
    for (const isReadable of [true, false]) {
      rmSync(dirname(path), { recursive: true, force: true });
      if (!isReadable) mkdirSync(path, { recursive: true });
      const other = isReadable ? openDatabase(path) : undefined;
      other?.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      const { it } = store(t, path);
      it.database.exec(SCOPED);
      other?.close();
      if (!isReadable) rmSync(path, { recursive: true });
      t.equal(it.mend(), true);
      t.equal(it.database.name, path);
      t.same(it.database.prepare('SELECT address, scope FROM ban').raw().all(), [['192.0.2.7', 'tcp/22']]);
      t.same(it.database.prepare('SELECT * FROM jail_scope').raw().all(), [['a', 'tcp/22']]);
      const extended = 'SELECT address, e.times, active, span FROM ban_extension AS e JOIN ban USING (id)';
      t.same(it.database.prepare(extended).raw().all(), [['192.0.2.7', 2, 5, 6]]);
    }
  },
);

t.test('what stands in for an unreadable file does not undo what the file knows', async (t) => {
  const path = join(t.testdir(), 'state', 'ledger.db');
  mkdirSync(path, { recursive: true });
  const { it } = store(t, path);
  put(it.database, '192.0.2.3');
  rmSync(path, { recursive: true });
  const file = openDatabase(path);
  put(file, '192.0.2.1');
  file.close();
  t.equal(it.mend(), true);
  t.same(inFile(path), ['192.0.2.1', '192.0.2.3']);
});

t.test('a file that turns out to be damaged when it can be reached again', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  mkdirSync(path);
  const { it } = store(t, path);
  put(it.database, '192.0.2.3');
  rmSync(path, { recursive: true });
  writeFileSync(path, 'no database '.repeat(500));
  t.equal(it.mend(), true);
  t.same(inFile(path), ['192.0.2.3']);
});
