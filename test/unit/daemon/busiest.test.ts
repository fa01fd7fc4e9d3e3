import t from 'tap';
import { Busiest } from '../../../src/daemon/busiest.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Change } from '../../../src/model/street.js';

const prefix = (index: number): Prefix => Prefix.parse(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);

/** So many elements, in the order of their texts, of which some have dropped packets. */
function kernel(count: number) {
  const all: Change[] = Array.from({ length: count }, (_, index) => prefix(index))
    .toSorted((one, other) => (one.text < other.text ? -1 : 1))
    .map((one) => ({ verb: 'add', prefix: one, until: null }));
  const packets = new Map<string, number>();
  const state = { now: 0, asked: 0 };
  const busiest = new Busiest({
    behind: (row, size) => {
      const changes = all.slice(row, row + size);
      return { changes, last: changes.length < size ? undefined : row + size };
    },
    lookup: async (prefixes) => {
      state.asked = prefixes.length;
      return prefixes.map((one) => {
        const counted = packets.get(one.text) ?? 0;
        return counted < 0 ? undefined : { prefix: one, until: null, packets: counted, bytes: counted * 60 };
      });
    },
    now: () => state.now,
  });
  const drop = (index: number, count: number): unknown => {
    const { text } = prefix(index);
    return packets.set(text, (packets.get(text) ?? 0) + count);
  };
  return { busiest, state, drop, packets };
}

const shown = (busy: readonly { prefix: Prefix; packets: number; rate: number | null }[]): string[] =>
  busy.map((one) => `${one.prefix} ${one.packets} ${one.rate}`);

t.test('of few all are looked up each time, and rates are since the look before', async (t) => {
  const { busiest, state, drop } = kernel(500);
  drop(7, 100);
  drop(8, 300);
  t.same(shown((await busiest.look([], 50)).busiest), ['10.0.0.8 300 null', '10.0.0.7 100 null']);
  state.now = 2000;
  drop(7, 50);
  drop(9, 10);
  const { looked, busiest: found } = await busiest.look([prefix(7)], 50);
  t.equal(looked, 500);
  t.same(shown(found), ['10.0.0.7 150 25', '10.0.0.9 10 5', '10.0.0.8 300 0'], 'one that was quiet has a rate at once');
  t.same(shown((await busiest.look([], 1)).busiest), ['10.0.0.7 150 25'], 'a look at the same moment keeps the rate');
});

t.test('who was lifted and banned again has begun anew; who has gone is not there', async (t) => {
  const { busiest, state, drop, packets } = kernel(10);
  drop(1, 1000);
  drop(2, 1000);
  await busiest.look([], 50);
  state.now = 1000;
  packets.set(prefix(1).text, 5);
  packets.set(prefix(2).text, -1);
  t.same(shown((await busiest.look([], 50)).busiest), ['10.0.0.1 5 5']);
});

t.test('of many a bounded number is looked up, everybody in turn, and who was found busy stays', async (t) => {
  const { busiest, state, drop } = kernel(20_000);
  drop(19_999, 1);
  let found: string[] = [];
  let looks = 0;
  while (found.length === 0 && looks < 30) {
    found = shown((await busiest.look([prefix(5)], 50)).busiest);
    looks++;
  }
  t.ok(looks > 1 && looks <= 20, `${looks} looks`);
  for (let times = 1; times < 50; times++) {
    state.now = times * 1000;
    drop(19_999, 10);
    const look = await busiest.look([], 50);
    t.match(look.busiest, [{ rate: 10 }]);
    t.ok(look.looked <= 1025);
  }
  for (let index = 0; index < 20_000; index++) drop(index, 1);
  for (let times = 0; times < 5; times++) await busiest.look([], 50);
  t.ok(state.asked <= 1024 + 512, `${state.asked} at a time`);
});
