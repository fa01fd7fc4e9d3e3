import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ReplacedFile } from '../../../../src/backends/denyfile/file.js';

t.test('a new file is readable for all, whatever the umask is, and nothing is left beside it', async (t) => {
  const folder = t.testdir();
  const file = new ReplacedFile(join(folder, 'deny'));
  const umask = process.umask(0o077);
  const digest = await file.replace(['a\n', 'b\n'], undefined);
  process.umask(umask);
  t.equal(digest, await file.digest());
  t.equal(readFileSync(file.path, 'utf8'), 'a\nb\n');
  t.equal(statSync(file.path).mode & 0o7777, 0o644);
  t.same(readdirSync(folder), ['deny']);
  t.notOk(await file.takeBack(), 'there was none before');
  t.same(readdirSync(folder), []);
});

t.test('owner and mode stay, the one before is kept until it is settled', async (t) => {
  const folder = t.testdir({ deny: 'old\n' });
  const file = new ReplacedFile(join(folder, 'deny'));
  chmodSync(file.path, 0o640);
  chownSync(file.path, 12, 34);
  const old = await file.digest();
  await file.replace(['new\n'], old);
  const { uid, gid, mode } = statSync(file.path);
  t.same([uid, gid, mode & 0o777], [12, 34, 0o640]);
  t.same(readdirSync(folder), ['deny', 'deny.previous']);
  t.ok(await file.takeBack());
  t.equal(await file.digest(), old);
  await file.replace(['new\n'], old);
  await file.keep();
  t.same(readdirSync(folder), ['deny']);
  t.equal(readFileSync(file.path, 'utf8'), 'new\n');
});

t.test('the same text again touches nothing', async (t) => {
  const file = new ReplacedFile(join(t.testdir(), 'deny'));
  const digest = await file.replace(['a\n'], undefined);
  const { ino } = statSync(file.path);
  t.equal(await file.replace(['a', '\n'], digest), digest);
  t.equal(statSync(file.path).ino, ino);
});

t.test('after a crash: what was not settled is taken back, and what was half written is thrown away', async (t) => {
  const folder = t.testdir({ deny: 'unchecked\n', 'deny.previous': 'good\n', 'deny.new': 'ha' });
  const file = new ReplacedFile(join(folder, 'deny'));
  const digest = await file.recover();
  t.equal(readFileSync(file.path, 'utf8'), 'good\n');
  t.equal(digest, await file.digest());
  await file.replace(['next\n'], digest);
  await file.keep();
  t.same(readdirSync(folder), ['deny']);
  t.equal(await new ReplacedFile(join(folder, 'nothing')).recover(), undefined);
});

t.test('links: the file’s own stays, and one in the candidate’s place is not followed', async (t) => {
  const folder = t.testdir({ elsewhere: 'old\n', victim: 'untouched\n' });
  mkdirSync(join(folder, 'in'));
  symlinkSync('../elsewhere', join(folder, 'in/deny'));
  symlinkSync('victim', join(folder, 'elsewhere.new'));
  const file = new ReplacedFile(join(folder, 'in/deny'));
  await file.replace(['new\n'], undefined);
  t.ok(lstatSync(file.path).isSymbolicLink());
  t.equal(readFileSync(join(folder, 'elsewhere'), 'utf8'), 'new\n');
  t.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'untouched\n');
});

t.test('a text that fails in the middle leaves the file as it was', async (t) => {
  const folder = t.testdir({ deny: 'old\n' });
  const file = new ReplacedFile(join(folder, 'deny'));
  function* broken(): Generator<string> {
    yield 'x'.repeat(200_000);
    throw new Error('no more');
  }
  await t.rejects(file.replace(broken(), undefined), { message: 'no more' });
  t.equal(readFileSync(file.path, 'utf8'), 'old\n');
  t.notOk(existsSync(`${file.path}.new`));
  await t.rejects(new ReplacedFile(join(folder, 'none/deny')).replace(['a'], undefined), { code: 'ENOENT' });
  writeFileSync(join(folder, 'plain'), '');
});
