import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Publication } from '../../../../src/backends/denyfile/publication.js';

/** The check says no to a text with the word bad; the reload writes down what the server would have read. */
function published(t: Test, files: Record<string, string> = {}) {
  const folder = t.testdir(files);
  const path = join(folder, 'deny');
  const publication = new Publication({
    path,
    check: ['sh', '-c', '! grep -H bad "$1"', 'check', path],
    reload: ['sh', '-c', 'test ! -e "$2/down" && cat "$1" >>"$2/told"', 'reload', path, folder],
  });
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { publication, folder, path, read };
}

t.test('written, checked, told', async (t) => {
  const { publication, read, folder } = published(t);
  t.equal(await publication.recover(), false);
  await publication.publish(['one\n']);
  await publication.publish(['one\n']);
  await publication.publish(['two\n']);
  t.equal(read('told'), 'one\ntwo\n', 'once for each text');
  t.same(readdirSync(folder).sort(), ['deny', 'told']);
});

t.test('a broken file never replaces a good one, and nobody is told of it', async (t) => {
  const { publication, read, folder, path } = published(t, { deny: 'good\n' });
  t.ok(await publication.recover());
  for (let times = 0; times < 2; times++) {
    await t.rejects(publication.publish(['bad\n']), {
      message: `${path} did not pass its check, and what was there before is back: sh -c ! grep -H bad "$1" check ${path}: it ended with 1: ${path}:bad`,
    });
    t.equal(read('deny'), 'good\n');
  }
  t.same(readdirSync(folder), ['deny']);
  await publication.publish(['better\n']);
  t.equal(read('told'), 'better\n');
});

t.test('where there was none before, it is judged again', async (t) => {
  const { publication } = published(t);
  await publication.recover();
  for (let times = 0; times < 2; times++)
    await t.rejects(publication.publish(['bad\n']), { message: /there was none before/ });
});

t.test('a server that could not be told is told the next time, though the text is the same', async (t) => {
  const { publication, read, folder } = published(t, { down: '' });
  await publication.recover();
  await t.rejects(publication.publish(['one\n']), { message: /the server was not told of .*: it ended with 1/ });
  writeFileSync(join(folder, 'up'), '');
  const { renameSync } = await import('node:fs');
  renameSync(join(folder, 'down'), join(folder, 'was-down'));
  await publication.publish(['one\n']);
  t.equal(read('told'), 'one\n');
});

t.test(
  'after a start the server is told once, though the text is the same: an earlier run may have ended in between',
  async (t) => {
    const { publication, read } = published(t, { deny: 'one\n' });
    await publication.recover();
    await publication.publish(['one\n']);
    await publication.publish(['one\n']);
    t.equal(read('told'), 'one\n');
  },
);

t.test('somebody else’s hand', async (t) => {
  const { publication, read, path } = published(t);
  await publication.recover();
  await publication.publish(['one\n']);
  t.equal(await publication.isForeign(), false);
  writeFileSync(path, 'mine\n');
  t.equal(await publication.isForeign(), true);
  publication.forget();
  await publication.publish(['one\n']);
  t.equal(read('deny'), 'one\n');
  t.equal(await publication.isForeign(), false);
});
