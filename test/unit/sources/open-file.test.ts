import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { OpenFile } from '../../../src/sources/open-file.js';

function open(t: Test, path: string, fromEnd = false): OpenFile {
  const file = new OpenFile(path, { onChange: () => undefined, onOversized: () => undefined, maxLine: 99, fromEnd });
  t.teardown(() => file.close());
  return file;
}

const texts = (file: OpenFile): string[] | undefined => file.read()?.map((line) => line.text);

t.test('reads what is new', async (t) => {
  const path = join(t.testdir({ log: 'old\n' }), 'log');
  const [fromEnd, fromStart] = [open(t, path, true), open(t, path)];
  t.equal(texts(fromEnd), undefined);
  t.same(texts(fromStart), ['old']);
  appendFileSync(path, 'new\npart');
  t.same(texts(fromEnd), ['new']);
  t.equal(fromEnd.position, 12);
  t.same(texts(fromStart), ['new']);
});

t.test('starts again when the file became shorter', async (t) => {
  const path = join(t.testdir({ log: 'old\npart' }), 'log');
  const file = open(t, path);
  t.same(texts(file), ['old']);
  t.notOk(file.rewindIfTruncated());
  truncateSync(path);
  t.ok(file.rewindIfTruncated());
  appendFileSync(path, 'a\n');
  t.same(file.read(), [{ text: 'a', source: path, position: 0 }]);
});

t.test('knows when its path leads elsewhere, and reads on', async (t) => {
  const path = join(t.testdir({ log: '' }), 'log');
  const file = open(t, path);
  t.ok(file.isInPlace());
  renameSync(path, `${path}.1`);
  t.notOk(file.isInPlace());
  writeFileSync(path, '');
  t.notOk(file.isInPlace());
  appendFileSync(`${path}.1`, 'late\n');
  t.same(texts(file), ['late']);
});

t.test('what cannot be read', async (t) => {
  const directory = t.testdir();
  t.throws(() => open(t, directory), { code: 'EINVAL', message: 'is no regular file' });
  t.throws(() => open(t, join(directory, 'none')), { code: 'ENOENT' });
});
