import { execFileSync } from 'node:child_process';
import { linkSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import t from 'tap';
import { OpenFile } from '../../../src/sources/open-file.js';
import { needsWatch, openTarget, targetOf } from '../../../src/sources/open-path.js';
import { NamedPipe } from '../../../src/sources/pipe.js';
import { at } from './followed.js';

const OPTIONS = { maxLine: 99, onChange: () => undefined, onOversized: () => undefined };

t.test('a file, a pipe, and what is neither', async (t) => {
  const path = at(t);
  execFileSync('mkfifo', [`${path}.pipe`]);
  for (const [name, kind] of [
    [path, OpenFile],
    [`${path}.pipe`, NamedPipe],
  ] as const) {
    const target = targetOf(name);
    const open = openTarget(name, target, OPTIONS);
    t.ok(open instanceof kind);
    t.equal(open.identity, target.identity);
    open.close();
  }
  t.throws(() => targetOf(dirname(path)), { code: 'EISDIR', message: 'it is a directory' });
  t.throws(() => targetOf('/dev/null'), { code: 'EINVAL', message: 'it is no regular file' });
  t.throws(() => targetOf(`${path}.none`), { code: 'ENOENT' });
});

t.test('whose writes the folder does not tell of', async (t) => {
  const path = at(t);
  const file = new OpenFile(path, OPTIONS);
  t.teardown(() => file.close());
  t.notOk(needsWatch(path, file));
  symlinkSync('log', `${path}.link`);
  t.ok(needsWatch(`${path}.link`, file));
  t.ok(needsWatch(`${path}.gone`, file));
  linkSync(path, `${path}.2`);
  t.ok(needsWatch(path, file));
});
