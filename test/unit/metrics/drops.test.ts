import t from 'tap';
import { Drops } from '../../../src/metrics/drops.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Ban, Element } from '../../../src/model/street.js';

const SINCE = 1_000_000;

/** A ledger and a kernel of plain values. */
function setting() {
  const bans = new Map<string, Ban[]>();
  const elements = new Map<string, Element>();
  const state = { now: 0, looked: 0, asked: 0 };
  const sorted = (): string[] => [...bans.keys()].sort();
  const drops = new Drops({
    lookup: async (prefixes) => {
      state.looked = prefixes.length;
      return prefixes.map(({ text }) => elements.get(text));
    },
    behind: (row, size) => {
      const page = sorted().slice(row, row + size);
      return { prefixes: page.map((text) => Prefix.parse(text)), last: page.length < size ? undefined : row + size };
    },
    bansOf: ({ text }) => {
      state.asked++;
      return bans.get(text) ?? [];
    },
    label: (jail) => (jail.startsWith('imported') ? 'other' : jail),
    since: SINCE,
    now: () => state.now,
  });
  const ban = (address: string, jail = 'sshd', since = SINCE + 1): Ban => {
    const one = { prefix: Prefix.parse(address), jail, reason: '', since, until: null };
    bans.set(one.prefix.text, [...(bans.get(one.prefix.text) ?? []), one]);
    elements.set(one.prefix.text, { prefix: one.prefix, until: null, packets: 0, bytes: 0 });
    return one;
  };
  const count = (address: string, packets: number): void => {
    const prefix = Prefix.parse(address);
    elements.set(prefix.text, { prefix, until: null, packets, bytes: packets * 60 });
  };
  const gone = (address: string): void => {
    bans.delete(address);
    elements.delete(address);
  };
  return { drops, state, ban, count, gone, elements };
}

const address = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

t.test('packets go to the jail, once', async (t) => {
  const { drops, ban, count, state } = setting();
  drops.banned(ban('192.0.2.1'));
  ban('192.0.2.2', 'nginx');
  await drops.look();
  t.same([...drops.sums.values()], [{ packets: 0, bytes: 0 }], 'nothing yet');
  count('192.0.2.1', 5);
  count('192.0.2.2', 7);
  await drops.look();
  await drops.look();
  count('192.0.2.2', 9);
  await drops.look();
  t.same(Object.fromEntries(drops.sums), { sshd: { packets: 5, bytes: 300 }, nginx: { packets: 9, bytes: 540 } });
  t.equal(drops.watched, 2);
  t.equal(state.asked, 1, 'the ledger is asked once for an element, and not for those that are told');
});

t.test('a new element counts from nothing, one that ended is forgotten', async (t) => {
  const { drops, ban, count, gone } = setting();
  drops.banned(ban('192.0.2.1'));
  count('192.0.2.1', 5);
  await drops.look();
  gone('192.0.2.1');
  await drops.look();
  t.equal(drops.watched, 0);
  drops.banned(ban('192.0.2.1'));
  count('192.0.2.1', 9);
  await drops.look();
  t.equal(drops.sums.get('sshd')?.packets, 14);
  count('192.0.2.1', 2);
  await drops.look();
  t.equal(drops.sums.get('sshd')?.packets, 16, 'lifted and banned again between two looks');
});

t.test('what was dropped before the service was started is no news', async (t) => {
  const { drops, ban, count } = setting();
  ban('192.0.2.1', 'sshd', SINCE - 1);
  count('192.0.2.1', 500);
  await drops.look();
  t.equal(drops.sums.get('sshd')?.packets, 0);
  count('192.0.2.1', 503);
  await drops.look();
  t.equal(drops.sums.get('sshd')?.packets, 3);
});

t.test('of several bans the first one counts, and names are bounded', async (t) => {
  const { drops, ban, count } = setting();
  ban('192.0.2.1', 'nginx', SINCE + 9);
  ban('192.0.2.1', 'imported-17', SINCE + 2);
  count('192.0.2.1', 4);
  await drops.look();
  t.same(Object.fromEntries(drops.sums), { other: { packets: 4, bytes: 240 } });
});

t.test('each step is bounded, and all have their turn', async (t) => {
  const { drops, ban, count, state } = setting();
  for (let index = 0; index < 5000; index++) {
    ban(address(index));
    count(address(index), 1);
  }
  for (let step = 0; step < 12 && drops.round === undefined; step++) {
    state.now += 15_000;
    await drops.look();
    t.ok(state.looked <= 1024, `${state.looked} look-ups`);
  }
  t.ok((drops.round as number) >= 60_000, 'it says how long a round takes');
  t.equal(drops.sums.get('sshd')?.packets, 5000);
  t.equal(drops.watched, 5000);
  for (let index = 0; index < 5000; index++) count(address(index), 2);
  for (let step = 0; step < 10; step++) await drops.look();
  t.equal(drops.sums.get('sshd')?.packets, 10_000);
});

t.test('what is remembered is bounded', async (t) => {
  const { drops, ban, count } = setting();
  for (let index = 0; index < 12_000; index++) drops.banned(ban(address(index)));
  t.equal(drops.watched, 10_000);
  for (let step = 0; step < 12; step++) await drops.look();
  t.ok(drops.watched <= 5000, 'who drops nothing makes room');
  for (let index = 0; index < 12_000; index++) count(address(index), 1);
  for (let step = 0; step < 50; step++) await drops.look();
  t.equal(drops.watched, 10_000);
  t.equal(drops.sums.get('sshd')?.packets, 10_000, 'the rest is missed, and nothing counted twice');
});

t.test('where elements are not counted there is nothing to tell', async (t) => {
  const { drops, ban, elements } = setting();
  const { prefix } = ban('192.0.2.1');
  drops.banned({ prefix, jail: 'sshd', reason: '', since: SINCE, until: null });
  elements.set(prefix.text, { prefix, until: null });
  await drops.look();
  t.equal(drops.sums.size, 0);
  t.equal(drops.watched, 0);
});
