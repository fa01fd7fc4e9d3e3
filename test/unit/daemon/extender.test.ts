import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Extender, type SeenActive, tellExtended } from '../../../src/daemon/extender.js';
import type { Ending } from '../../../src/ledger/ledger.js';
import type { Event } from '../../../src/model/events.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Element } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const p = Prefix.parse;

/** A ban that ends in so many seconds, of 100 in all. */
const ending = (address: string, seconds: number, jail = 'sshd'): Ending => {
  const until = NOW + seconds * 1000;
  return { until, span: 100_000, ban: { prefix: p(address), jail, reason: '', since: until - 100_000, until } };
};

/** @param packets by address; the element ends with the ban, unless `ends` says otherwise. */
function watch(
  t: Test,
  endings: Ending[],
  packets: Record<string, number | undefined>,
  ends: Record<string, number | null> = {},
) {
  const state = {
    now: NOW,
    asked: [] as string[],
    extended: [] as SeenActive[],
    problems: [] as string[],
    atMost: 1_000_000 as number | undefined,
  };
  const untilOf = (text: string): number | null =>
    text in ends ? (ends[text] as number | null) : (endings.find(({ ban }) => ban.prefix.text === text)?.until ?? null);
  const extender = new Extender({
    extensions: { ending: (_, by, most) => endings.filter(({ until }) => until <= by).slice(0, most) },
    lookup: async (prefixes) => {
      state.asked.push(...prefixes.map(({ text }) => text));
      return prefixes.map((prefix): Element | undefined => {
        const count = packets[prefix.text];
        return count === undefined ? undefined : { prefix, until: untilOf(prefix.text), packets: count, bytes: 0 };
      });
    },
    jails: () => [{ name: 'sshd', ...(state.atMost !== undefined && { extend: { atMost: state.atMost } }) }],
    extend: async (all) => state.extended.push(...all),
    clock: () => state.now,
    problem: (sentence) => state.problems.push(sentence),
    timing: { pause: 5, idle: 5, part: 60_000, last: 12_000 },
  });
  t.teardown(() => extender.stop());
  return { extender, state };
}

t.test('packets between the first look and the last moments extend a ban by its own time', async (t) => {
  const packets: Record<string, number> = { '192.0.2.1': 5, '192.0.2.2': 5 };
  const { extender, state } = watch(
    t,
    [ending('192.0.2.1', 30), ending('192.0.2.2', 30), ending('192.0.2.3', 300)],
    packets,
  );
  t.equal(await extender.look(), true);
  t.same(state.asked, ['192.0.2.1', '192.0.2.2']);
  packets['192.0.2.1'] = 8;
  state.now += 10_000;
  await extender.look();
  t.equal(state.asked.length, 2, 'nobody is asked for in between');
  state.now += 10_000;
  await extender.look();
  t.match(state.extended, [
    { prefix: p('192.0.2.1'), jail: 'sshd', until: NOW + 30_000, next: NOW + 130_000, packets: 3 },
  ]);
  t.equal(state.extended.length, 1);
  packets['192.0.2.2'] = 6;
  state.now += 5_000;
  await extender.look();
  t.equal(state.extended.length, 2, 'there is a second look before the end');
});

t.test('one look says nothing, and neither does an element that ends otherwise, or none', async (t) => {
  const packets: Record<string, number | undefined> = { '192.0.2.1': 5, '192.0.2.2': 5, '192.0.2.3': undefined };
  const endings = [ending('192.0.2.1', 5), ending('192.0.2.2', 5), ending('192.0.2.3', 5)];
  const { extender, state } = watch(t, endings, packets, { '192.0.2.2': NOW + 60_000 });
  await extender.look();
  t.same(state.extended, []);
  packets['192.0.2.2'] = 9;
  await extender.look();
  t.same(state.extended, [], 'another ban stands longer');
  packets['192.0.2.1'] = 2;
  await extender.look();
  t.match(state.extended, [{ packets: 2 }], 'of an element that was made anew all count');
});

t.test('no longer than is allowed, and not what has ended', async (t) => {
  const packets = { '192.0.2.1': 5 };
  const { extender, state } = watch(t, [ending('192.0.2.1', 5)], packets);
  await extender.look();
  packets['192.0.2.1'] = 6;
  state.atMost = 100_000;
  await extender.look();
  t.same(state.extended, []);
  state.atMost = 130_000;
  state.now += 6_000;
  await extender.look();
  t.same(state.extended, []);
  state.now = NOW;
  await extender.look();
  t.match(state.extended, [{ next: NOW + 35_000 }]);
  state.atMost = undefined;
  t.equal(await extender.look(), false);
});

t.test('a look is bounded, and it is said if that is too little', async (t) => {
  const endings = Array.from({ length: 3000 }, (_, index) => ending(`10.0.${index >> 8}.${index & 255}`, 5));
  const { extender, state } = watch(t, endings, {});
  await extender.look();
  await extender.look();
  t.equal(state.asked.length, 4000);
  t.same(state.problems, [
    'more than 2000 bans of jails with extend_while_active end at a time: those beyond end whether or not packets still come',
  ]);
});

t.test('it looks by itself, goes on after a fault, and stops', async (t) => {
  const packets = { '192.0.2.1': 5 };
  const { extender, state } = watch(t, [ending('192.0.2.1', 5)], packets);
  extender.start();
  for (let times = 0; state.asked.length < 3 && times < 500; times++) await sleep(5);
  t.ok(state.asked.length >= 3);
  await extender.stop();
  const asked = state.asked.length;
  extender.start();
  await sleep(20);
  t.equal(state.asked.length, asked);
  const failing = new Extender({
    extensions: {
      ending: () => {
        throw new Error('no ledger');
      },
    },
    lookup: async () => [],
    jails: () => [{ name: 'sshd', extend: { atMost: 1 } }],
    extend: async () => undefined,
    clock: () => NOW,
    problem: (sentence) => state.problems.push(sentence),
    timing: { pause: 1, idle: 1 },
  });
  failing.start();
  for (let times = 0; state.problems.length < 2 && times < 500; times++) await sleep(5);
  await failing.stop();
  t.equal(state.problems[1], 'bans that are about to end were not looked at: no ledger');
});

t.test('of many the first are told one by one', async (t) => {
  const told: Event[] = [];
  const bans = Array.from({ length: 22 }, (_, index) => ending(`10.0.0.${index}`, 5).ban);
  const seen = bans.map(({ prefix, jail }) => ({ prefix, jail, until: 0, next: 0, span: 0, packets: 7 }));
  tellExtended(bans, seen, { tell: (event) => told.push(event) });
  t.equal(told.length, 21);
  t.match(told[0], { kind: 'extended', ban: { jail: 'sshd' }, packets: 7 });
  t.match(told.at(-1), { kind: 'note', message: '2 more bans last longer: packets still come' });
});
