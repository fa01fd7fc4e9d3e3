import t from 'tap';
import { wantedBy } from '../../../src/daemon/list-filter.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Ban } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const ban = (address: string, jail = 'sshd', since = NOW): Ban => ({
  prefix: Prefix.parse(address),
  jail,
  reason: '',
  since,
  until: null,
});

t.test('without a filter all are wanted', async (t) => {
  t.ok(wantedBy({})(ban('192.0.2.7')));
});

t.test('of a jail', async (t) => {
  t.ok(wantedBy({ jail: 'sshd' })(ban('192.0.2.7')));
  t.notOk(wantedBy({ jail: 'ssh' })(ban('192.0.2.7')));
});

t.test('around a prefix: what covers it, and what it covers', async (t) => {
  const isWanted = wantedBy({ prefix: '192.0.2.0/24' });
  for (const address of ['192.0.2.7', '192.0.2.0/24', '192.0.0.0/16']) t.ok(isWanted(ban(address)), address);
  for (const address of ['192.0.3.7', '198.51.100.0/24', '2001:db8::/32']) t.notOk(isWanted(ban(address)), address);
});

t.test('since a time, that very moment too', async (t) => {
  const isWanted = wantedBy({ since: '2023-11-14T22:13:20Z' });
  t.ok(isWanted(ban('192.0.2.7')));
  t.notOk(isWanted(ban('192.0.2.7', 'sshd', NOW - 1)));
});

t.test('all must hold', async (t) => {
  const isWanted = wantedBy({ jail: 'sshd', prefix: '192.0.2.7' });
  t.ok(isWanted(ban('192.0.2.7')));
  t.notOk(isWanted(ban('192.0.2.7', 'manual')));
  t.notOk(isWanted(ban('192.0.2.8')));
});

t.test('what makes no sense', async (t) => {
  t.throws(() => wantedBy({ prefix: 'x' }), { code: 'address' });
  t.throws(() => wantedBy({ since: '1h' }), { code: 'request' });
});
