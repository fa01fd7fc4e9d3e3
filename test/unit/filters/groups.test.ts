import t from 'tap';
import { complementsOf, complete, type Groups } from '../../../src/filters/groups.js';

/** The groups when they have completed each other. */
function completed(groups: Groups): Groups {
  const complements = complementsOf(Object.keys(groups));
  if (complements) complete(groups, complements);
  return groups;
}

t.test('most expressions have nothing to complete', async (t) => {
  t.equal(complementsOf([]), undefined);
  t.equal(complementsOf(['ip4', 'user', 'alternative', 'my_alt_user']), undefined);
});

t.test('an alternate stands in for what is empty or missing', async (t) => {
  const user = (groups: Groups): string | undefined => completed(groups).user;
  t.equal(user({ user: 'ann', alt_user: 'bob' }), 'ann');
  t.equal(user({ user: '', alt_user: 'bob' }), 'bob');
  t.equal(user({ user: undefined, alt_user: 'bob' }), 'bob');
  t.equal(user({ alt_user: 'bob' }), 'bob', 'the expression has no <F-USER>');
  t.equal(user({ user: undefined, alt_user: '' }), undefined);
});

t.test('the first alternate that has something wins, by its name', async (t) => {
  t.equal(completed({ alt_user_2: 'c', alt_user: 'a', alt_user_1: 'b' }).user, 'a');
  t.equal(completed({ alt_user_2: 'c', alt_user: undefined, alt_user_1: 'b' }).user, 'b');
  t.equal(completed({ alt_id: 'x' }).fid, 'x', 'an id is called fid');
  t.equal(completed({ alt_port_1: 'ssh' }).fport, 'ssh');
});

t.test('tuples are put together, as Python prints them', async (t) => {
  t.equal(completed({ fid: 'a', tuple_id: 'b' }).fid, "('a', 'b')");
  t.equal(completed({ fid: 'a', tuple_id_2: 'c', tuple_id_1: 'b' }).fid, "('a', 'b', 'c')");
  t.equal(completed({ fid: undefined, tuple_id: 'b' }).fid, "(None, 'b')");
  t.equal(completed({ tuple_id: undefined, fid: 'a' }).fid, "('a', None)");
  t.equal(completed({ tuple_id: 'b', alt_id: 'a' }).fid, "('a', 'b')", 'alternates come first');
});
