import t from 'tap';
import { isGuest } from '../../../src/doctor/facts.js';
import { interfaceOf } from '../../facts.js';

t.test('kinds that lead to guests', async (t) => {
  for (const kind of ['veth', 'tun']) t.ok(isGuest(interfaceOf(kind, {}, { kind }).link), kind);
  for (const kind of ['bridge', 'bond']) t.notOk(isGuest(interfaceOf(kind, {}, { kind }).link), kind);
  t.notOk(isGuest(interfaceOf('ena').link));
});
