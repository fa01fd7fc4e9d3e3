import { join, relative } from 'node:path';
import t from 'tap';
import { findFilter } from '../../../src/fail2ban/filter-files.js';

t.test('by name, in the first folder that has it; drop-ins of earlier folders win', async (t) => {
  const root = t.testdir({
    own: { 'sshd.local': '', 'sshd.d': { 'x.conf': '' }, 'mine.conf': '' },
    delivered: { 'sshd.conf': '', 'sshd.local': '', 'mine.conf': '', 'only.local': '' },
    last: { 'sshd.conf': '' },
  });
  const directories = ['own', 'delivered', 'last'].map((name) => join(root, name));
  const found = (name: string): string[] => findFilter(name, directories).paths.map((path) => relative(root, path));
  t.same(found('sshd'), ['delivered/sshd.conf', 'delivered/sshd.local', 'own/sshd.d/x.conf', 'own/sshd.local']);
  t.same(found('mine'), ['own/mine.conf']);
  t.same(found('only'), ['delivered/only.local']);
  t.equal(findFilter('sshd', directories).origin, join(root, 'delivered/sshd.conf'));
});

t.test('by path', async (t) => {
  const root = t.testdir({ 'a.conf': '', 'a.local': '', 'b.txt': '' });
  t.same(findFilter(`${root}/a.conf`, []).paths, [`${root}/a.conf`, `${root}/a.local`]);
  t.same(findFilter(`${root}/a`, []).paths, [`${root}/a.conf`, `${root}/a.local`]);
  t.same(findFilter(`${root}/b.txt`, []).paths, [`${root}/b.txt`]);
  t.same(findFilter(`${relative('.', root)}/a.conf`, []).origin, `${root}/a.conf`);
  t.throws(() => findFilter(`${root}/c`, []), {
    code: 'filter',
    message: `there is no file ${root}/c, which is to be a filter`,
  });
});

t.test('an unknown name', async (t) => {
  const root = t.testdir({
    'sshd.conf': '',
    'nginx-auth.conf': '',
    'common.conf': '',
    'x-common.conf': '',
    'y.local': '',
  });
  t.throws(() => findFilter('sshdd', [root, `${root}/none`]), {
    code: 'filter',
    message: `there is no filter 'sshdd' in ${root}, ${root}/none; did you mean 'sshd'?\nfilters: nginx-auth sshd`,
  });
  t.throws(() => findFilter('something-else', [`${root}/none`]), {
    message: `there is no filter 'something-else' in ${root}/none`,
  });
});
