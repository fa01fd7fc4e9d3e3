import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { type Known, Memory } from '../../../src/never/memory.js';

const p = Prefix.parse;
const KNOWN: Known = {
  names: new Map([['office.example', { since: 5, prefixes: [p('192.0.2.1'), p('2001:db8::1')] }]]),
  lists: new Map([
    [
      '/etc/list',
      {
        since: 6,
        entries: [
          { line: 3, text: '10.0.0.0/8', prefix: p('10.0.0.0/8') },
          { line: 4, text: 'a.example' },
        ],
      },
    ],
  ]),
};

t.test('what is written is read by the next life', async (t) => {
  const path = join(t.testdir(), 'state', 'never.json');
  const memory = new Memory(path);
  t.same(memory.read(), { names: new Map(), lists: new Map() });
  t.equal(memory.write(KNOWN), undefined);
  t.equal(statSync(path).mode & 0o777, 0o600);
  const { names, lists } = new Memory(path).read();
  t.same(
    [names.get('office.example')?.since, names.get('office.example')?.prefixes.map(String)],
    [5, ['192.0.2.1', '2001:db8::1']],
  );
  t.same(
    lists.get('/etc/list')?.entries.map(({ line, text, prefix }) => [line, text, prefix?.text]),
    [
      [3, '10.0.0.0/8', '10.0.0.0/8'],
      [4, 'a.example', undefined],
    ],
  );
  writeFileSync(path, 'x');
  t.equal(memory.write(KNOWN), undefined);
  t.equal(readFileSync(path, 'utf8'), 'x', 'the same is not written again');
});

t.test('what makes no sense, or is too much, is refused', async (t) => {
  const path = join(t.testdir({ 'never.json': '{}' }), 'never.json');
  t.throws(() => new Memory(path).read());
  writeFileSync(path, '{');
  t.throws(() => new Memory(path).read());
  truncateSync(path, 16 * 1024 * 1024 + 1);
  t.throws(() => new Memory(path).read(), /larger than dropset makes it/);
});

t.test('without a path nothing is kept; where it cannot be kept, that is told', async (t) => {
  t.equal(new Memory().write(KNOWN), undefined);
  t.same(new Memory().read().names.size, 0);
  const folder = t.testdir({ file: '' });
  chmodSync(join(folder, 'file'), 0o600);
  t.match(new Memory(join(folder, 'file', 'never.json')).write(KNOWN), /is not kept for a restart: (?:ENOTDIR|EEXIST)/);
});
