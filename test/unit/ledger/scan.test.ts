import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { scan } from '../../../src/ledger/scan.js';
import { migrate } from '../../../src/ledger/schema.js';

function table(t: Test, count: number) {
  const database = new Database(':memory:');
  t.teardown(() => database.close());
  migrate(database);
  const put = database.prepare("INSERT INTO ban (id, address, jail, reason, since) VALUES (?, ?, 'a', '', 0)");
  for (let id = 1; id <= count; id++)
    put.run(id * 3, id % 2 ? `10.0.${id >> 8}.${id & 255}` : `2001:db8::${id.toString(16)}/64`);
  const read = (behind: number, most: number) => {
    const seen: string[] = [];
    const last = scan(database, 'ban', behind, most, (text, from, to, id) =>
      seen.push(`${id} ${text.slice(from, to)}`),
    );
    return { seen, last };
  };
  return { database, read };
}

t.test('each address with its row, in pieces, from a row on, and at most so many', async (t) => {
  const { read } = table(t, 12_000);
  const all = read(0, Number.POSITIVE_INFINITY);
  t.equal(all.seen.length, 12_000);
  t.equal(all.last, 36_000);
  t.same(all.seen.slice(0, 2), ['3 10.0.0.1', '6 2001:db8::2/64']);
  t.same(read(3, 2), { seen: ['6 2001:db8::2/64', '9 10.0.0.3'], last: 9 });
  t.equal(read(0, 7_000).last, 21_000);
  t.same(read(36_000, 5), { seen: [], last: undefined });
});

t.test('what is no address is damage', async (t) => {
  for (const text of ['10.0.0.x', '10.0.0.1 ', '1\n5 10.0.0.1', 'FE80::1']) {
    const { database, read } = table(t, 3);
    database.prepare('UPDATE ban SET address = ? WHERE id = 6').run(text);
    t.throws(() => read(0, 10), { code: 'SQLITE_CORRUPT' }, JSON.stringify(text));
  }
});
