import t from 'tap';
import { filterDirectories } from '../../../src/config/directories.js';
import { lookupDirectories } from '../../../src/inspection/directories.js';

t.test('a tree, a folder of filters, all that dropset knows', async (t) => {
  const folder = t.testdir({ 'filter.d': {} });
  t.same(lookupDirectories(folder), [`${folder}/filter.d`]);
  t.same(lookupDirectories(`${folder}/filter.d`), [`${folder}/filter.d`]);
  t.same(lookupDirectories(undefined), filterDirectories('/etc/fail2ban'));
  t.throws(() => lookupDirectories(`${folder}/x`), { code: 'filter', message: `there is no directory ${folder}/x` });
});
