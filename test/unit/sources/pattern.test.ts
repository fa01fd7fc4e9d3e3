import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PathPattern } from '../../../src/sources/pattern.js';

const pattern = (text: string): PathPattern => new PathPattern({ pattern: text, start: 'end' });

const TREE = {
  a: { 'x.log': '', 'y.log': '', '.h.log': '', z: {} },
  b: { 'x.log': '' },
  '.c': { 'x.log': '' },
  'x.log': '',
};

t.test('the paths that Python finds', async (t) => {
  const folder = t.testdir(TREE);
  symlinkSync('nowhere', join(folder, 'dangling.log'));
  symlinkSync('a', join(folder, 'link'));
  symlinkSync('loop', join(folder, 'loop'));
  for (const text of [
    '*',
    '*.log',
    '*/x.log',
    '*/*.log',
    '?/[xy].log',
    '.*/*',
    '[!a]/x.log',
    '*/none',
    '**/x.log',
    'x.log/*',
  ]) {
    const script = 'import glob, json, sys; print(json.dumps(sorted(glob.glob(sys.argv[1]))))';
    const found = JSON.parse(execFileSync('python3', ['-c', script, join(folder, text)], { encoding: 'utf8' }));
    t.same([...pattern(join(folder, text)).paths(() => undefined)].sort(), found, text);
  }
});

t.test('a path without a glob is one path, there or not', async (t) => {
  const folder = t.testdir(TREE);
  t.same([...pattern(join(folder, 'none/log')).paths(() => undefined)], [join(folder, 'none/log')]);
  t.same([...pattern(`${folder}//a/./x.log`).paths(() => undefined)], [join(folder, 'a/x.log')]);
  t.equal(pattern(`${folder}/a/`).text, join(folder, 'a'));
  t.same([...pattern('/').paths(() => undefined)], ['/']);
});

t.test('each folder is visited before its names are looked up', async (t) => {
  const folder = t.testdir(TREE);
  const visited: string[] = [];
  Array.from(pattern(join(folder, '?/x.log')).paths((directory, { text }) => visited.push(`${directory} ${text}`)));
  t.equal(visited[0]?.startsWith('/ '), true);
  t.same(visited.slice(-3), [`${folder} ?`, `${join(folder, 'a')} x.log`, `${join(folder, 'b')} x.log`]);
});

t.test('a folder that cannot be listed has no names', async (t) => {
  const folder = t.testdir(TREE);
  chmodSync(join(folder, 'a'), 0);
  process.seteuid?.(65534);
  t.teardown(() => process.seteuid?.(0));
  const found = [...pattern(join(folder, 'a/*')).paths(() => undefined)];
  const deep = [...pattern(join(folder, 'a/z/log')).paths(() => undefined)];
  process.seteuid?.(0);
  t.same(found, []);
  t.same(deep, [join(folder, 'a/z/log')]);
});

t.test('whether a path is meant', async (t) => {
  t.ok(pattern('/var/log/*.log').matches('/var/log/a.log'));
  t.notOk(pattern('/var/log/*.log').matches('/var/log/a/b.log'));
  t.notOk(pattern('/var/log/*').matches('/var/log'));
  t.ok(pattern('/var/log/a').matches('/var/log/a'));
});

t.test('what is no pattern', async (t) => {
  for (const text of ['', 'a', './a', '/a\0b'])
    t.throws(() => pattern(text), { code: 'source', message: /no absolute path/ });
});
