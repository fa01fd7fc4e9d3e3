import t from 'tap';
import { GoodUsers } from '../../../src/jails/good-users.js';

t.test('a good user is spared a few times within findtime, and again when those are past', async (t) => {
  const users = new GoodUsers(['alice', 'bob'], 2, 1000);
  t.notOk(users.spares('root', 'a', 0));
  t.notOk(users.spares(undefined, 'a', 0));
  t.notOk(users.spares('Alice', 'a', 0), 'names of Unix have case');
  t.ok(users.spares('alice', 'a', 0));
  t.ok(users.spares('bob', 'a', 500), 'whichever user it is');
  t.notOk(users.spares('alice', 'a', 900));
  t.ok(users.spares('alice', 'b', 900), 'each address has its own');
  t.ok(users.spares('alice', 'a', 1001), 'the first is past');
  t.notOk(users.spares('alice', 'a', 1400));
});

t.test('addresses that are remembered are bounded', async (t) => {
  const users = new GoodUsers(['alice'], 1, 1000);
  t.ok(users.spares('alice', 'first', 0));
  for (let number = 0; number < 49_999; number++) users.spares('alice', String(number), 0);
  t.notOk(users.spares('alice', 'first', 0));
  for (let number = 0; number < 49_999; number++) users.spares('alice', `x${number}`, 0);
  users.spares('alice', 'y', 0);
  t.ok(users.spares('alice', 'first', 0), 'who failed least recently was forgotten');
});
