import t from 'tap';
import { readPositions } from '../../../src/daemon/positions.js';

const FILE = {
  kind: 'file',
  path: '/var/log/auth.log',
  device: '64768',
  inode: '131',
  offset: 4096,
  hash: 'abc',
  hashed: 1024,
};

t.test('what was remembered', async (t) => {
  const journal = { kind: 'journal', cursor: 's=1;i=2' };
  const remembered = new Map([
    ['file /var/log/auth.log', JSON.stringify(FILE)],
    ['{"kind":"journal"}', JSON.stringify(journal)],
  ]);
  t.strictSame(readPositions(remembered), [
    { source: 'file /var/log/auth.log', position: FILE },
    { source: '{"kind":"journal"}', position: journal },
  ]);
  t.strictSame(readPositions(new Map()), []);
});

t.test('what makes no sense is forgotten, and the rest is not', async (t) => {
  const broken = [
    '',
    '{',
    'null',
    '7',
    '"file"',
    '[]',
    '{}',
    '{"kind":"journal"}',
    '{"kind":"journal","cursor":7}',
    '{"kind":"tape","cursor":"x"}',
    JSON.stringify({ ...FILE, kind: 'tape' }),
    JSON.stringify({ ...FILE, path: null }),
    JSON.stringify({ ...FILE, inode: 131 }),
    JSON.stringify({ ...FILE, offset: -1 }),
    JSON.stringify({ ...FILE, offset: 1.5 }),
    JSON.stringify({ ...FILE, hashed: '1024' }),
  ];
  const remembered = new Map(broken.map((json, index) => [`${index}`, json]));
  remembered.set('good', JSON.stringify(FILE));
  t.strictSame(readPositions(remembered), [{ source: 'good', position: FILE }]);
});
