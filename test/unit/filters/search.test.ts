import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { DIRECTORIES, loadFilter, STOCK } from '../../../src/filters/search.js';

const file = (regex: string): string => `[Definition]\nfailregex = ${regex}\n`;

t.test('the first directory that has it', async (t) => {
  const root = t.testdir({ own: { 'a.conf': file('own') }, stock: { 'a.conf': file('stock'), 'b.conf': file('b') } });
  const directories = [join(root, 'none'), join(root, 'own'), join(root, 'stock')];
  t.same(loadFilter('a', { directories }), {
    name: 'a',
    origin: join(root, 'own/a.conf'),
    failregex: ['own'],
    ignoreregex: [],
  });
  t.same(loadFilter('b', { directories }).failregex, ['b']);
  t.throws(() => loadFilter('c', { directories }), {
    code: 'filter',
    message: `filter 'c' is unknown: none in ${directories.join(', ')}; there are: a, b`,
  });
  t.throws(() => loadFilter('c', { directories: [] }), { message: /there are: none$/ });
});

t.test('a path', async (t) => {
  const root = t.testdir({ 'x.txt': file('x') });
  t.match(loadFilter(join(root, 'x.txt')), { failregex: ['x'], origin: join(root, 'x.txt') });
  t.throws(() => loadFilter(join(root, 'y.txt')), { code: 'filter', message: /y\.txt is missing$/ });
  t.throws(() => loadFilter(root), { code: 'filter', message: /EISDIR/ });
});

t.test('the stock', async (t) => {
  t.ok(existsSync(STOCK));
  t.same(DIRECTORIES, ['/etc/dropset/filter.d', STOCK]);
  t.equal(loadFilter('sshd').name, 'sshd');
});
