import t from 'tap';
import { isOfList, jailOfList } from '../../../src/model/list-source.js';

t.test('the jail of a list', async (t) => {
  t.equal(jailOfList('spamhaus-drop'), 'list.spamhaus-drop');
  t.ok(isOfList('list.spamhaus-drop'));
  t.notOk(isOfList('list'));
  t.notOk(isOfList('sshd'));
  t.equal(jailOfList('a'.repeat(59)).length, 64);
  for (const name of ['', '-a', 'a b', '../a', 'a'.repeat(60), 'é']) {
    t.throws(() => jailOfList(name), { code: 'request', message: /is no name of a list: write/ }, name);
  }
});
