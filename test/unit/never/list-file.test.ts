import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readList } from '../../../src/never/list-file.js';

t.test('a list, and what is none', async (t) => {
  const folder = t.testdir({ list: '192.0.2.1\n', large: '' });
  t.match(readList(join(folder, 'list')), { entries: [{ text: '192.0.2.1', line: 1 }] });
  t.throws(() => readList(join(folder, 'none')), { code: 'source', message: /reading the never-list .*none: ENOENT/ });
  t.throws(() => readList(folder), { message: /it is no file/ });
  truncateSync(join(folder, 'large'), 1024 * 1024 + 1);
  t.throws(() => readList(join(folder, 'large')), { message: /more than 1048576 bytes/ });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  t.throws(() => readList(join(folder, 'pipe')), { message: /it is no file/ }, 'and nobody waits for its writer');
  writeFileSync(join(folder, 'list'), '');
  t.same(readList(join(folder, 'list')).entries, []);
});
