import t from 'tap';
import { notAnAddress, readerOf } from '../../../src/daemon/given.js';
import { DropsetError } from '../../../src/model/errors.js';
import { neverLoopback } from '../../service.js';

const NOW = 1_700_000_000_000;
const reader = (wanted = {}) => readerOf({ wanted, now: NOW, refusal: neverLoopback });

t.test('a ban as it says itself', async (t) => {
  const ban = reader()({
    address: '2001:DB8::1',
    jail: 'sshd',
    reason: 'knocked',
    since: '2023-11-14T21:13:20Z',
    until: '2023-11-14T23:13:20Z',
  });
  t.match(ban, { jail: 'sshd', reason: 'knocked', since: NOW - 3_600_000, until: NOW + 3_600_000 });
  t.equal(String((ban as { prefix: unknown }).prefix), '2001:db8::1');
});

t.test('what it does not say is as in a ban by hand', async (t) => {
  const terms = { jail: 'manual', reason: '', since: NOW, until: null };
  t.match(reader()({ address: '192.0.2.7' }), terms);
  t.match(reader()({ address: '192.0.2.7', until: null }), terms);
});

t.test('what is wanted of all goes before', async (t) => {
  const given = { address: '192.0.2.7', reason: 'a', until: '2023-11-14T23:13:20Z' };
  t.match(reader({ for: '1m', reason: 'b' })(given), { reason: 'b', until: NOW + 60_000 });
  t.match(reader({ for: 'never' })(given), { until: null });
  t.throws(() => reader({ for: 'soon' }), { code: 'duration' });
});

t.test('bans of a list belong to it, whatever they say', async (t) => {
  t.match(reader({ source: 'drop' })({ address: '192.0.2.7', jail: 'sshd', reason: 'a' }), {
    jail: 'list.drop',
    reason: 'a',
  });
  t.match(reader()({ address: '192.0.2.7', jail: 'list.drop' }), { jail: 'list.drop' }, 'as it was exported');
  t.throws(() => reader({ source: 'a b' }), { code: 'request' });
});

t.test('no ban begins in the future', async (t) => {
  t.match(reader()({ address: '192.0.2.7', since: '2030-01-01' }), { since: NOW });
});

t.test('what is none is answered, not thrown', async (t) => {
  const wrong: [Parameters<ReturnType<typeof reader>>[0], string, RegExp][] = [
    [{ address: 'x' }, 'address', /^"x" is no IPv4/],
    [{ address: '127.0.0.1' }, 'never', /must never be banned/],
    [{ address: '192.0.2.7', until: 'soon' }, 'request', /^"soon" is no time/],
    [{ address: '192.0.2.7', since: '' }, 'request', /is no time/],
    [{ address: '192.0.2.7', jail: 'a b' }, 'request', /^"a b" is no name of a jail/],
  ];
  for (const [given, code, message] of wrong) {
    const answer = reader()(given);
    t.ok(answer instanceof DropsetError);
    t.match(answer, { code, message });
  }
});

t.test('the sentence for what is no address', async (t) => {
  t.match(notAnAddress('x'), { code: 'address', message: '"x" is no IPv4 or IPv6 address or prefix' });
});
