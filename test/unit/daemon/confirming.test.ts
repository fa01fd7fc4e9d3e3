import t from 'tap';
import { confirmed, unconfirmed, windowOf } from '../../../src/daemon/confirming.js';
import { Prefix } from '../../../src/model/prefix.js';

const ban = { prefix: Prefix.parse('192.0.2.1'), jail: 'manual', reason: '', since: 0, until: 5000 };

t.test('from a second to a day', async (t) => {
  t.equal(windowOf('60s'), 60_000);
  t.equal(windowOf('1d'), 86_400_000);
  for (const text of ['0.5s', '25h', 'never']) t.throws(() => windowOf(text), { code: 'duration' }, text);
  t.throws(() => windowOf('soon'), { code: 'duration' });
});

t.test('what stands meanwhile, and what makes it stay', async (t) => {
  t.match(unconfirmed(ban, 1000), { jail: 'unconfirmed', until: 1000 });
  t.match(unconfirmed(ban, 9000), { until: 5000 });
  t.match(unconfirmed({ ...ban, until: null }, 9000), { until: 9000 });
  t.match(confirmed([{ ban, deadline: 1 }]), [
    { kind: 'ban', ban: { jail: 'manual', until: 5000 } },
    { kind: 'unban', jail: 'unconfirmed' },
  ]);
});
