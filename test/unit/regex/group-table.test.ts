import t from 'tap';
import { Cursor } from '../../../src/regex/cursor.js';
import { GroupTable } from '../../../src/regex/group-table.js';

const table = () => new GroupTable(new Cursor('pattern'));

t.test('groups are numbered from 1, and some have names', async (t) => {
  const groups = table();
  t.same([groups.open(undefined, 0), groups.open('user', 0), groups.open('_ж2', 0)], [1, 2, 3]);
  t.same(
    [...groups.names],
    [
      ['user', 2],
      ['_ж2', 3],
    ],
  );
  t.equal(groups.named('user', 0), 2);
});

t.test('names are identifiers, each for one group', async (t) => {
  const groups = table();
  groups.open('user', 0);
  for (const name of ['', '1a', 'a-b', 'a b'])
    t.throws(() => groups.open(name, 0), { message: /is no group name/ }, name);
  t.throws(() => groups.open('__proto__', 0), { message: /cannot be called/ });
  t.throws(() => groups.open('user', 0), { message: /another group/ });
  t.throws(() => groups.named('host', 0), { message: /no group 'host' before/ });
});

t.test('only groups that are closed can be referred to', async (t) => {
  const groups = table();
  t.throws(() => groups.refer(1, 0), { message: /no group 1 before/ });
  groups.open(undefined, 0);
  t.throws(() => groups.refer(1, 0), { message: /cannot refer to itself/ });
  groups.widths.set(1, [1, 1]);
  t.doesNotThrow(() => groups.refer(1, 0));
});

t.test('a look behind can refer to what comes before it only', async (t) => {
  const groups = table();
  for (const number of [groups.open(undefined, 0), groups.open(undefined, 0)]) groups.widths.set(number, [1, 1]);
  groups.firstInLookBehind = 2;
  t.doesNotThrow(() => groups.refer(1, 0));
  t.throws(() => groups.refer(2, 0), { message: /a group in itself/ });
  t.throws(() => groups.checkLookBehind(3, 0), { message: /a group in itself/ });
});
