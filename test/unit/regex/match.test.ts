import t from 'tap';
import { Groups } from '../../../src/regex/match.js';

t.test('groups have no names but their own', async (t) => {
  const groups = new Groups();
  groups.user = 'root';
  t.same(Object.keys(groups), ['user']);
  t.notOk('constructor' in groups);
  t.equal(groups.toString, undefined);
});
