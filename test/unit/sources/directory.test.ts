import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { DirectoryWatches } from '../../../src/sources/directory.js';
import { Glob } from '../../../src/sources/glob.js';

interface Watching {
  readonly watches: DirectoryWatches;
  /** What was heard since the last time: paths, and `names` and `burst`. */
  readonly heard: () => Promise<string[]>;
}

function watching(t: Test): Watching {
  let log: string[] = [];
  const watches = new DirectoryWatches({
    onPath: (path) => log.push(path),
    onNames: () => log.push('names'),
    onBurst: () => log.push('burst'),
  });
  t.teardown(() => watches.close());
  const heard = async (): Promise<string[]> => {
    await turn();
    await turn();
    const all = log;
    log = [];
    return [...new Set(all)];
  };
  return { watches, heard };
}

const LOGS = new Glob('*.log');

/** One look that wants one thing in one folder. */
function look(watches: DirectoryWatches, folder: string, glob = LOGS): void {
  watches.begin();
  watches.want(folder, glob);
  watches.end();
}

t.test('writes to what is wanted, and names that come and go', async (t) => {
  const folder = t.testdir({ 'a.log': '' });
  const { watches, heard } = watching(t);
  look(watches, folder);
  t.ok(watches.has(folder));
  writeFileSync(join(folder, 'a.log'), 'x');
  t.same(await heard(), [join(folder, 'a.log')]);
  writeFileSync(join(folder, 'b.log'), '');
  t.same(await heard(), [join(folder, 'b.log'), 'names']);
  writeFileSync(join(folder, 'other'), '');
  t.same(await heard(), []);
});

t.test('several looks, several wants, one watch', async (t) => {
  const folder = t.testdir({ a: '', b: '' });
  const { watches, heard } = watching(t);
  look(watches, folder, new Glob('a'));
  watches.begin();
  watches.want(folder, LOGS);
  watches.want(folder, new Glob('b'));
  watches.want(folder, LOGS);
  watches.end();
  t.equal(watches.size, 1);
  writeFileSync(join(folder, 'a'), 'no longer wanted');
  t.same(await heard(), []);
  writeFileSync(join(folder, 'b'), 'x');
  t.same(await heard(), [join(folder, 'b')]);
});

t.test('what no look wants any more is given back', async (t) => {
  const folder = t.testdir({ a: {}, b: {} });
  const { watches } = watching(t);
  look(watches, join(folder, 'a'));
  look(watches, join(folder, 'b'));
  t.same([watches.has(join(folder, 'a')), watches.has(join(folder, 'b'))], [false, true]);
  rmSync(join(folder, 'b'), { recursive: true });
  look(watches, join(folder, 'b'));
  t.equal(watches.size, 0);
});

t.test('what is no folder, and what may not be watched', async (t) => {
  const folder = t.testdir({ file: '', closed: {} });
  const { watches } = watching(t);
  chmodSync(join(folder, 'closed'), 0);
  process.seteuid?.(65534);
  t.teardown(() => process.seteuid?.(0));
  for (const name of ['file', 'none', 'file/below', 'closed', 'closed/below']) look(watches, join(folder, name));
  process.seteuid?.(0);
  t.equal(watches.size, 0);
});

t.test('a folder that is replaced, or moved', async (t) => {
  const folder = join(t.testdir({ logs: {} }), 'logs');
  const { watches, heard } = watching(t);
  look(watches, folder);
  renameSync(folder, `${folder}.old`);
  t.same(await heard(), ['names']);
  mkdirSync(folder);
  look(watches, folder);
  writeFileSync(join(folder, 'a.log'), '');
  t.same(await heard(), [join(folder, 'a.log'), 'names']);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  await heard();
  look(watches, folder);
  writeFileSync(join(folder, 'b.log'), '');
  t.same(await heard(), [join(folder, 'b.log'), 'names'], 'with the same inode number, too');
});

t.test('many events', async (t) => {
  const folder = t.testdir();
  const { watches, heard } = watching(t);
  look(watches, folder);
  for (let i = 0; i < 4096; i++) writeFileSync(join(folder, String(i)), '');
  t.same(await heard(), ['burst']);
});

t.test('what cannot be watched for another reason', async (t) => {
  const folder = t.testdir({ logs: {} });
  const { watches } = watching(t);
  look(watches, folder);
  watches.close();
  t.equal(watches.size, 0);
  look(watches, `/${'x'.repeat(300)}`);
  t.equal(watches.size, 0);
});
