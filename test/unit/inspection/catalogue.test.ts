import t from 'tap';
import { listFilters } from '../../../src/inspection/catalogue.js';

t.test('every filter that can be named, the first directory first', async (t) => {
  const folder = t.testdir({
    own: { 'b.conf': '[Definition]\nfailregex = ^b <HOST>\n            ^c <HOST>\nignoreregex = x\n' },
    tree: {
      'a.conf': '[Definition]\nfailregex = (\n',
      'b.conf': '[Definition]\nfailregex = ^b <HOST>\n',
      'c.conf': '[Definition]\n',
      'x-common.conf': '[Definition]\n',
    },
  });
  t.match(
    [...listFilters([`${folder}/own`, `${folder}/tree`])],
    [
      { name: 'a', path: `${folder}/tree/a.conf`, failregex: 1, fault: /a.conf:2: failregex '\('/ },
      { name: 'b', path: `${folder}/own/b.conf`, failregex: 2, engines: { v8: 3 }, risk: 'none', fault: null },
      { name: 'c', path: `${folder}/tree/c.conf`, failregex: 0, fault: /has no failregex/ },
    ],
  );
  t.same([...listFilters(['/none'])], []);
});
