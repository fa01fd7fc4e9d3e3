import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readConfigFile } from '../../../src/config/file.js';

const MIB = 1024 * 1024;

t.test('a file that can be read', async (t) => {
  const path = join(t.testdir(), 'dropset.toml');
  for (const text of ['', 'ü = 1\n', '#'.repeat(MIB)]) {
    writeFileSync(path, text);
    t.equal(readConfigFile(path), text, `${text.length} characters`);
  }
});

t.test('a file that cannot be read says the way out', async (t) => {
  const folder = t.testdir({ large: '#'.repeat(MIB + 1), folder: {} });
  writeFileSync(join(folder, 'latin1'), Buffer.from('# fine\n# b\xf6se\n', 'latin1'));
  writeFileSync(join(folder, 'cut'), Buffer.from([0x23, 0x0a, 0xc3]));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('loop', join(folder, 'loop'));
  const table: [string, RegExp][] = [
    ['none', /none: no such file; write one \(an empty file is enough to start\), or name another$/],
    ['large', /large: larger than 1 MiB; name the right file$/],
    ['folder', /folder: no regular file; name a file$/],
    ['pipe', /pipe: no regular file; name a file$/],
    ['loop', /loop: cannot be read: ELOOP/],
    ['latin1', /latin1:2: not UTF-8; save the file in that encoding$/],
    ['cut', /cut:2: not UTF-8/],
  ];
  for (const [name, message] of table) {
    t.throws(() => readConfigFile(join(folder, name)), { code: 'config', message }, name);
  }
  t.throws(() => readConfigFile('/dev/zero'), { code: 'config', message: /no regular file/ });
});
