import t from 'tap';
import { TopLooks } from '../../../src/daemon/top.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';

const NOW = 1_700_000_000_000;
const prefix = Prefix.parse('192.0.2.7');
const ban = { prefix, jail: 'sshd', reason: 'so', since: NOW, until: NOW + 1000 };

t.test('looks, each with the rates since the one before; who asks too soon gets the last', async (t) => {
  const ledger = Ledger.open(':memory:', { clock: () => NOW });
  t.teardown(() => ledger.close());
  ledger.record([{ kind: 'ban', ban }]);
  const state = { now: 0, looks: 0, packets: 10, fails: false };
  const top = new TopLooks({
    backend: {
      lookup: async (prefixes) => {
        state.looks++;
        if (state.fails) throw new Error('no');
        return prefixes.map((one) => ({ prefix: one, until: null, packets: state.packets, bytes: state.packets * 60 }));
      },
      counters: async () => ({ packets: state.packets, bytes: state.packets * 60 }),
    },
    ledger,
    newest: { bans: [ban] },
    jails: async () => [],
    clock: () => NOW,
    now: () => state.now,
  });
  const terms = { jail: 'sshd', until: '2023-11-14T22:13:21.000Z' };
  const first = await top.look();
  t.same(first, {
    time: '2023-11-14T22:13:20.000Z',
    seconds: null,
    dropped: { packets: 10, bytes: 600 },
    rate: null,
    bans: 1,
    elements: null,
    looked: 1,
    busiest: [{ address: '192.0.2.7', packets: 10, bytes: 600, rate: null, bans: [terms] }],
    newest: [{ address: '192.0.2.7', ...terms, since: '2023-11-14T22:13:20.000Z', reason: 'so' }],
    jails: [],
  });
  state.now = 499;
  t.equal(await top.look(), first);
  t.equal(state.looks, 1);
  state.now = 2000;
  state.packets = 30;
  const [one, another] = await Promise.all([top.look(), top.look()]);
  t.equal(one, another);
  t.match(one, { seconds: 2, rate: { packets: 10, bytes: 600 }, busiest: [{ rate: 10 }] });
  state.now = 4000;
  state.fails = true;
  await t.rejects(top.look(), /no/);
  state.fails = false;
  state.now = 6000;
  state.packets = 8;
  t.match(
    await top.look(),
    { seconds: 4, rate: { packets: 2 } },
    'counters that began anew, behind a look that failed',
  );
});
