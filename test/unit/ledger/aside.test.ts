import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { setAside } from '../../../src/ledger/aside.js';

const NOW = Date.parse('2026-05-04T12:00:00.123Z');

t.test('a file goes aside with what belongs to it', async (t) => {
  const path = join(t.testdir({ 'ledger.db': 'a', 'ledger.db-wal': 'b' }), 'ledger.db');
  const aside = setAside(path, NOW);
  t.equal(aside, `${path}.corrupt-20260504T120000Z`);
  t.equal(readFileSync(aside, 'utf8') + readFileSync(`${aside}-wal`, 'utf8'), 'ab');
  t.notOk(existsSync(path) || existsSync(`${path}-wal`));
});

t.test('the newest three are kept, and nothing else is touched', async (t) => {
  const others = { 'ledger.db.corrupt-mine': '', 'other.db.corrupt-20200101T000000Z': '' };
  const folder = t.testdir(others);
  const path = join(folder, 'ledger.db');
  for (let day = 0; day < 5; day++) {
    for (const suffix of ['', '-wal', '-shm']) writeFileSync(path + suffix, `${day}`);
    setAside(path, NOW + day * 86_400_000);
  }
  const kept = ['06', '07', '08'].flatMap((day) =>
    ['', '-shm', '-wal'].map((suffix) => `ledger.db.corrupt-202605${day}T120000Z${suffix}`),
  );
  t.same(readdirSync(folder).sort(), [...kept, ...Object.keys(others)].sort());
});

t.test('twice within a second, the later one stays', async (t) => {
  const path = join(t.testdir({ 'ledger.db': 'first', 'ledger.db-wal': 'first' }), 'ledger.db');
  setAside(path, NOW);
  writeFileSync(path, 'second');
  const aside = setAside(path, NOW);
  t.equal(readFileSync(aside, 'utf8'), 'second');
  t.notOk(existsSync(`${aside}-wal`), 'which belongs to another');
});

t.test('what cannot be moved is an error', async (t) => {
  const file = join(t.testdir({ file: '' }), 'file');
  t.throws(() => setAside(join(file, 'ledger.db'), NOW), { code: 'ENOTDIR' });
});
