import { mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Files } from '../../../src/fail2ban/file.js';

t.test('a file is read once', async (t) => {
  const path = join(t.testdir({ 'a.conf': '[a]\nx = é\n' }), 'a.conf');
  const files = new Files();
  const first = files.read(path);
  t.equal(first?.sections.get('a')?.get('x')?.text, 'é');
  unlinkSync(path);
  t.equal(files.read(path), first);
});

t.test('a file that is not there', async (t) => {
  const folder = t.testdir({ file: '' });
  t.equal(new Files().read(join(folder, 'nothing')), undefined);
  t.equal(new Files().read(join(folder, 'file', 'below')), undefined);
});

t.test('files that cannot be read', async (t) => {
  const folder = t.testdir();
  const latin = join(folder, 'latin.conf');
  writeFileSync(latin, Buffer.from([0x5b, 0x61, 0x5d, 0x0a, 0xe9, 0x3d, 0x31]));
  const large = join(folder, 'large.conf');
  writeFileSync(large, '#'.repeat((4 << 20) + 1));
  const directory = join(folder, 'x.conf');
  mkdirSync(directory);
  const table: [string, RegExp][] = [
    [latin, /latin\.conf is not UTF-8; convert it, for example with iconv$/],
    [large, /large\.conf has more than 4194304 bytes$/],
    [directory, /x\.conf cannot be read: EISDIR/],
  ];
  for (const [path, message] of table) {
    t.throws(() => new Files().read(path), { code: 'config', message }, path);
    const faults: string[] = [];
    const lenient = new Files((fault) => faults.push(fault));
    t.equal(lenient.read(path), undefined);
    t.equal(lenient.read(path), undefined);
    t.match(faults, [message]);
    t.equal(faults.length, 1, 'it is told once');
  }
});

t.test('a fault in the dialect is an error, also for those who leave files out', async (t) => {
  const path = join(t.testdir({ 'a.conf': 'x' }), 'a.conf');
  t.throws(() => new Files(() => undefined).read(path), { code: 'config', message: /a\.conf:1: 'x' stands before/ });
});
