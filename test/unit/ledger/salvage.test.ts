import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import { openDatabase } from '../../../src/ledger/open.js';
import { salvage } from '../../../src/ledger/salvage.js';
import { EARLIER } from '../../../src/ledger/schema.js';
import { Prefix } from '../../../src/model/prefix.js';
import { DAMAGES } from '../../damage.js';

const COUNT = 5_000;

function filled(t: Test): string {
  const path = join(t.testdir(), 'ledger.db');
  const ledger = Ledger.open(path);
  const addresses = Array.from({ length: COUNT }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const ban = { jail: 'sshd', reason: 'r', since: 5, until: null, lines: ['a line'] };
  ledger.record(
    addresses.map((address) => ({ kind: 'ban', ban: { ...ban, prefix: Prefix.parse(address) } })),
    { positions: [['file /a', '{}']], counts: { text: '{"a":1}', isWhole: false } },
  );
  ledger.record([{ kind: 'unban', prefix: Prefix.parse('10.0.0.0') }]);
  ledger.close();
  return path;
}

function saved(t: Test, path: string) {
  const into = openDatabase(':memory:');
  t.teardown(() => into.close());
  const bans = salvage(path, into);
  const count = (table: string) => into.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get() as number;
  return { bans, count, into };
}

t.test('of a sound file everything, as it was', async (t) => {
  const path = filled(t);
  const { bans, count, into } = saved(t, path);
  t.equal(bans, COUNT - 1);
  t.same(['ban_lines', 'history', 'position', 'count_log'].map(count), [COUNT - 1, 1, 1, 1]);
  const before = new Database(path);
  t.teardown(() => before.close());
  for (const table of ['ban', 'ban_lines', 'history', 'position', 'count_log']) {
    t.same(into.prepare(`SELECT * FROM ${table}`).all(), before.prepare(`SELECT * FROM ${table}`).all(), table);
  }
});

t.test('of a file with one bad page all but what stood there', async (t) => {
  const path = filled(t);
  DAMAGES.flipped(path);
  const { bans, count } = saved(t, path);
  t.ok(bans > COUNT * 0.9 && bans < COUNT - 1, `${bans} bans`);
  t.same(['history', 'position', 'count_log'].map(count), [1, 1, 1]);
});

t.test('of half a file what is there, of garbage and of nothing nothing', async (t) => {
  const path = filled(t);
  DAMAGES.truncated(path);
  t.ok(saved(t, path).bans >= 0);
  DAMAGES.garbage(path);
  t.equal(saved(t, path).bans, 0);
  t.equal(saved(t, join(path, 'nowhere')).bans, 0);
});

t.test("of a file of an earlier schema what it has, moved to today's", async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const file = new Database(path);
  file.exec(EARLIER((name) => name));
  file.exec(`INSERT INTO ban VALUES ('192.0.2.7', 'a', 'r', 1, NULL, NULL, 2), ('192.0.2.8', 'a', '', 1, 5, NULL, 1);
    INSERT INTO ban_lines VALUES ('192.0.2.8', 'a', '["one"]');
    INSERT INTO history VALUES ('192.0.2.9', 'a', 3, 1, 2);
    CREATE TABLE position (source TEXT PRIMARY KEY, position TEXT); INSERT INTO position VALUES ('file /a', '{}');`);
  file.pragma('user_version = 3');
  file.close();
  const { bans, into } = saved(t, path);
  t.equal(bans, 2);
  t.same(into.prepare('SELECT id, address, times FROM ban').raw().all(), [
    [1, '192.0.2.7', 2],
    [2, '192.0.2.8', 1],
  ]);
  t.same(into.prepare('SELECT * FROM ban_lines').raw().all(), [[2, '["one"]']]);
  t.same(into.prepare('SELECT address, bans FROM history').raw().all(), [['192.0.2.9', 3]]);
  t.same(into.prepare('SELECT source FROM position').pluck().all(), ['file /a']);
  t.same(into.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'earlier%'").all(), []);
});

t.test('what is no address is left behind', async (t) => {
  const path = filled(t);
  const database = new Database(path);
  database.exec("UPDATE ban SET address = '10.0.0.x' WHERE address = '10.0.0.7'");
  database.close();
  t.equal(saved(t, path).bans, COUNT - 2);
});

t.test('scopes are kept, and what is none is left behind', async (t) => {
  const path = filled(t);
  const database = new Database(path);
  database.exec(`UPDATE ban SET scope = 'tcp/22' WHERE address = '10.0.0.7';
    UPDATE ban SET scope = 'tcp/x' WHERE address = '10.0.0.8';
    INSERT INTO jail_scope VALUES ('sshd', 'tcp/22'), ('web', NULL), ('bad', 'x');
    INSERT INTO ban_extension SELECT id, 2, 5, 5 FROM ban WHERE address IN ('10.0.0.7', '10.0.0.8');`);
  database.close();
  const { bans, into } = saved(t, path);
  t.equal(bans, COUNT - 2);
  t.same(into.prepare('SELECT address FROM ban WHERE scope IS NOT NULL').pluck().all(), ['10.0.0.7']);
  t.same(into.prepare('SELECT jail FROM jail_scope').pluck().all(), ['sshd', 'web']);
  const extended = 'SELECT address FROM ban JOIN ban_extension USING (id)';
  t.same(into.prepare(extended).pluck().all(), ['10.0.0.7']);
  t.equal(into.prepare('SELECT COUNT(*) FROM ban_extension').pluck().get(), 1, 'and of no ban that is lost');
});

t.test('of a file of schema 6, which knew no scope, everything', async (t) => {
  const path = filled(t);
  const database = new Database(path);
  database.exec(
    'ALTER TABLE ban DROP COLUMN scope; DROP TABLE jail_scope; DROP TABLE ban_extension; DROP TRIGGER ban_gone',
  );
  database.pragma('user_version = 6');
  database.close();
  const { bans, into } = saved(t, path);
  t.equal(bans, COUNT - 1);
  t.equal(into.prepare('SELECT COUNT(*) FROM ban WHERE scope IS NULL').pluck().get(), COUNT - 1);
});
