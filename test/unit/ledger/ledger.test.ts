import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { Ledger, type LedgerOptions } from '../../../src/ledger/ledger.js';
import type { Fault } from '../../../src/ledger/store.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Ban, Change, Verdict } from '../../../src/model/street.js';
import { DAMAGES } from '../../damage.js';
import { Random } from '../../random.js';

const NOW = 1_700_000_000_000;
const p = Prefix.parse;

const ban = (address: string, until: number | null, jail = 'manual', reason = ''): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason, since: NOW, until },
});
const unban = (address: string, jail?: string): Verdict => ({
  kind: 'unban',
  prefix: p(address),
  ...(jail !== undefined && { jail }),
});
const add = (address: string, until: number | null): Change => ({ verb: 'add', prefix: p(address), until });
const remove = (address: string): Change => ({ verb: 'remove', prefix: p(address) });

/** A ledger in memory, and its clock. */
function fresh(t: Test, options: LedgerOptions = {}) {
  const clock = { now: NOW };
  const ledger = Ledger.open(':memory:', { clock: () => clock.now, ...options });
  t.teardown(() => ledger.close());
  return { ledger, clock };
}

const named = (bans: Iterable<readonly Ban[]>): string[] =>
  [...bans].flat().map(({ prefix, jail }) => `${prefix} ${jail}`);
const texts = (changes: Iterable<readonly Change[]>): string[] =>
  [...changes].flat().map(({ verb, prefix }) => `${verb} ${prefix}`);

t.test('a ban is an add until its end, and is written down whole', async (t) => {
  const { ledger } = fresh(t);
  t.strictSame(
    ledger.record([ban('192.0.2.7', NOW + 1000, 'sshd', '5 failures'), ban('2001:db8::/32', null)]).changes,
    [add('192.0.2.7', NOW + 1000), add('2001:db8::/32', null)],
  );
  t.strictSame(ledger.bansOf(p('192.0.2.7')), [
    { prefix: p('192.0.2.7'), jail: 'sshd', reason: '5 failures', since: NOW, until: NOW + 1000 },
  ]);
  t.equal(ledger.count(), 2);
  t.same(ledger.record([]).changes, []);
});

t.test('of several bans of one prefix the longest counts, in whatever order they come', async (t) => {
  const ends = { a: NOW + 1000, b: NOW + 9000, c: NOW + 5000 };
  for (const order of ['abc', 'bca', 'cba'] as const) {
    const { ledger } = fresh(t);
    let longest = 0;
    for (const jail of order) {
      longest = Math.max(longest, ends[jail as 'a']);
      t.strictSame(ledger.record([ban('192.0.2.7', ends[jail as 'a'], jail)]).changes, [add('192.0.2.7', longest)]);
    }
  }
});

t.test('lifting one ban keeps the others; the last takes the element away', async (t) => {
  const { ledger } = fresh(t);
  ledger.record([ban('192.0.2.7', NOW + 1000, 'a'), ban('192.0.2.7', NOW + 9000, 'b')]);
  t.strictSame(ledger.record([unban('192.0.2.7', 'b')]).changes, [add('192.0.2.7', NOW + 1000)]);
  t.strictSame(ledger.record([unban('192.0.2.7', 'nobody')]).changes, [add('192.0.2.7', NOW + 1000)]);
  t.strictSame(ledger.record([unban('192.0.2.7', 'a')]).changes, [remove('192.0.2.7')]);
  t.equal(ledger.count(), 0);
});

t.test('lifting without a jail lifts all of that prefix, and of no other', async (t) => {
  const { ledger } = fresh(t);
  ledger.record([ban('192.0.2.0/24', null, 'a'), ban('192.0.2.0/24', null, 'b'), ban('192.0.2.7', null, 'a')]);
  t.strictSame(ledger.record([unban('192.0.2.0/24')]).changes, [remove('192.0.2.0/24')]);
  t.same(named(ledger.bans()), ['192.0.2.7 a']);
});

t.test('never beats any end, and gives way when it is lifted', async (t) => {
  const { ledger } = fresh(t);
  ledger.record([ban('192.0.2.7', null, 'a')]);
  t.strictSame(ledger.record([ban('192.0.2.7', NOW + 1000, 'b')]).changes, [add('192.0.2.7', null)]);
  t.strictSame(ledger.record([unban('192.0.2.7', 'a')]).changes, [add('192.0.2.7', NOW + 1000)]);
});

t.test('a new ban of the same jail replaces the old one: longer, shorter, never', async (t) => {
  const { ledger } = fresh(t);
  for (const until of [NOW + 1000, NOW + 9000, NOW + 500, null, NOW + 700]) {
    t.strictSame(ledger.record([ban('192.0.2.7', until, 'a', `until ${until}`)]).changes, [add('192.0.2.7', until)]);
    t.equal(ledger.count(), 1);
  }
  t.equal(ledger.bansOf(p('192.0.2.7'))[0]?.reason, `until ${NOW + 700}`);
});

t.test('a ban that has ended already changes nothing but takes away', async (t) => {
  const { ledger } = fresh(t);
  t.strictSame(ledger.record([ban('192.0.2.7', NOW)]).changes, [remove('192.0.2.7')]);
  t.equal(ledger.count(), 0);
});

t.test('several verdicts on one prefix in one call have a change each', async (t) => {
  const { ledger } = fresh(t);
  t.strictSame(ledger.record([ban('192.0.2.7', null), unban('192.0.2.7'), ban('192.0.2.7', NOW + 5)]).changes, [
    add('192.0.2.7', null),
    remove('192.0.2.7'),
    add('192.0.2.7', NOW + 5),
  ]);
});

t.test('ended bans are invisible at once, and forgotten in slices', async (t) => {
  const { ledger, clock } = fresh(t);
  ledger.record(Array.from({ length: 25 }, (_, index) => ban(`10.0.0.${index}`, NOW + 1000)));
  ledger.record([ban('192.0.2.7', NOW + 1000, 'a'), ban('192.0.2.7', NOW + 9000, 'b'), ban('192.0.2.8', null)]);
  clock.now = NOW + 1000;
  t.equal(ledger.count(), 2);
  t.same(named(ledger.bans()), ['192.0.2.7 b', '192.0.2.8 manual']);
  const slices = [ledger.expire(10), ledger.expire(10), ledger.expire(10), ledger.expire(10)];
  t.same(
    slices.map(({ ended }) => ended.length),
    [10, 10, 6, 0],
  );
  const changes = slices.flatMap((slice) => slice.recorded.changes);
  t.equal(changes.length, 26);
  t.strictSame(
    changes.filter(({ verb }) => verb === 'add'),
    [add('192.0.2.7', NOW + 9000)],
    'who is banned by another jail stays',
  );
  t.equal(ledger.count(), 2);
});

t.test('the next end', async (t) => {
  const { ledger, clock } = fresh(t);
  t.equal(ledger.nextEnd(), undefined);
  ledger.record([ban('192.0.2.1', null)]);
  t.equal(ledger.nextEnd(), undefined);
  ledger.record([ban('192.0.2.2', NOW + 9000), ban('192.0.2.3', NOW + 1000)]);
  t.equal(ledger.nextEnd(), NOW + 1000);
  clock.now = NOW + 2000;
  t.equal(ledger.nextEnd(), NOW + 1000, 'one that is still to be forgotten');
  ledger.expire();
  t.equal(ledger.nextEnd(), NOW + 9000);
});

t.test('the lines of a ban are kept with it, and go with it', async (t) => {
  const { ledger, clock } = fresh(t);
  const withLines = (address: string, jail: string, lines: string[], since = NOW): Verdict => ({
    kind: 'ban',
    ban: { prefix: p(address), jail, reason: '', since, until: since + 1000, lines },
  });
  ledger.record([withLines('192.0.2.7', 'a', ['one', 'two\u0000"é']), ban('192.0.2.7', null), ban('192.0.2.8', null)]);
  const linesOf = (address: string) => ledger.bansOf(p(address)).map(({ jail, lines }) => [jail, lines]);
  t.same(linesOf('192.0.2.7'), [
    ['a', ['one', 'two\u0000"é']],
    ['manual', undefined],
  ]);
  ledger.record([withLines('192.0.2.7', 'a', ['three'], NOW + 10)]);
  t.same(linesOf('192.0.2.7')[0], ['a', ['three']]);
  ledger.record([unban('192.0.2.7', 'a'), ban('192.0.2.7', null, 'a')]);
  t.same(linesOf('192.0.2.7')[0], ['a', undefined], 'those of an earlier ban are not shown for this one');
  ledger.record([withLines('192.0.2.8', 'a', ['four'])]);
  clock.now += 1000;
  ledger.expire();
  clock.now -= 1000;
  ledger.record([ban('192.0.2.8', null, 'a')]);
  t.same(linesOf('192.0.2.8')[0], ['a', undefined]);
});

t.test('who was banned before is remembered, by jail: lifted, ended, replaced and live', async (t) => {
  const { ledger, clock } = fresh(t);
  const at = (since: number, until: number | null, jail = 'sshd'): Verdict => ({
    kind: 'ban',
    ban: { prefix: p('192.0.2.7'), jail, reason: '', since, until },
  });
  const past = () => ledger.pastOf(p('192.0.2.7')).map(({ jail, bans, first, last }) => [jail, bans, first, last]);
  t.same(past(), []);
  ledger.record([at(NOW, NOW + 1000)]);
  t.same(past(), [['sshd', 1, NOW, NOW]]);
  ledger.record([at(NOW, NOW + 2000)]);
  t.same(past(), [['sshd', 1, NOW, NOW]], 'the same one, told twice');
  ledger.record([at(NOW + 10, NOW + 1000), at(NOW + 20, NOW + 1000), at(NOW + 5, null, 'web')]);
  t.same(past(), [
    ['sshd', 3, NOW, NOW + 20],
    ['web', 1, NOW + 5, NOW + 5],
  ]);
  clock.now = NOW + 1000;
  t.same(past().length, 2, 'ended, not yet forgotten');
  ledger.expire();
  ledger.record([at(NOW + 1000, NOW + 2000)]);
  t.same(past()[0], ['sshd', 4, NOW, NOW + 1000]);
  ledger.record([unban('192.0.2.7')]);
  t.equal(ledger.count(), 0);
  t.same(past(), [
    ['sshd', 4, NOW, NOW + 1000],
    ['web', 1, NOW + 5, NOW + 5],
  ]);
  ledger.record([at(NOW + 3000, null)]);
  ledger.liftAll();
  t.same(past()[0], ['sshd', 5, NOW, NOW + 3000]);
  ledger.record([at(NOW + 4000, null)]);
  t.same(past()[0], ['sshd', 6, NOW, NOW + 4000], 'the same jail again, while the lifted one still waits');
  while (ledger.tidy());
  t.same(past()[0], ['sshd', 6, NOW, NOW + 4000], 'in the history');
  ledger.record([unban('192.0.2.7')]);
  t.same(past()[0], ['sshd', 6, NOW, NOW + 4000]);
  t.same(ledger.pastOf(p('192.0.2.8')), []);
});

t.test('what is old is forgotten in steps, and what is live never', async (t) => {
  const { ledger, clock } = fresh(t, { history: 86_400_000 });
  const addresses = Array.from({ length: 1_500 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  ledger.record([...addresses.map((address) => ban(address, NOW + 1000)), ban('192.0.2.7', null)]);
  clock.now = NOW + 1000;
  ledger.expire();
  clock.now = NOW + 86_400_000;
  while (ledger.tidy());
  t.equal(ledger.pastOf(p('10.0.0.0')).length, 1);
  clock.now++;
  t.equal(ledger.tidy(), true);
  t.notOk(addresses.every((address) => ledger.pastOf(p(address)).length === 0));
  t.equal(ledger.tidy(), false);
  t.ok(addresses.every((address) => ledger.pastOf(p(address)).length === 0));
  t.equal(ledger.pastOf(p('192.0.2.7')).length, 1);
});

t.test('a file whose bans have gone gives its room back, a step at a time', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const ledger = Ledger.open(path, { clock: () => NOW, mostHistory: 100 });
  t.teardown(() => ledger.close());
  const reason = 'x'.repeat(400);
  ledger.record(
    Array.from({ length: 30_000 }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`, null, 'a', reason)),
  );
  ledger.checkpoint();
  const full = statSync(path).size;
  ledger.liftAll();
  let steps = 0;
  while (ledger.tidy()) steps++;
  ledger.checkpoint();
  t.ok(steps > 10, `${steps} steps`);
  t.ok(full > 12_000_000 && statSync(path).size < 6_000_000, `${full} bytes became ${statSync(path).size}`);
});

t.test('lifting all: at once, whatever is still to be moved', async (t) => {
  const { ledger, clock } = fresh(t);
  const some = Array.from({ length: 25 }, (_, index) => ban(`10.0.0.${index}`, NOW + 1000 + index));
  ledger.record([...some, ban('10.0.0.1', null, 'other'), ban('2001:db8::1', NOW + 5)]);
  t.equal(ledger.liftAll(), 26, 'each prefix once, however many bans stand behind it');
  t.equal(ledger.count(), 0);
  t.equal(ledger.liftAll(), 0);
  t.same([named(ledger.bans()), texts(ledger.elements()), ledger.bansOf(p('10.0.0.1'))], [[], [], []]);
  t.same(ledger.pastOf(p('10.0.0.1')).length, 2);
  t.strictSame(ledger.record([unban('10.0.0.2'), ban('10.0.0.1', NOW + 9000, 'other')]).changes, [
    remove('10.0.0.2'),
    add('10.0.0.1', NOW + 9000),
  ]);
  clock.now = NOW + 2000;
  t.same(ledger.expire().ended, [], 'who was lifted does not end once more');
  t.same(named(ledger.bans()), ['10.0.0.1 other']);
  t.equal(ledger.liftAll(), 1);
  ledger.record([ban('10.0.0.3', null)]);
  while (ledger.tidy());
  t.same(named(ledger.bans()), ['10.0.0.3 manual']);
  t.match(ledger.pastOf(p('10.0.0.1')), [
    { jail: 'manual', bans: 1 },
    { jail: 'other', bans: 2 },
  ]);
});

t.test('what was lifted stays lifted in the next run, moved or not', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const run = (work: (ledger: Ledger) => void): void => {
    const ledger = Ledger.open(path, { clock: () => NOW });
    work(ledger);
    ledger.close();
  };
  const all = Array.from({ length: 12_000 }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`, null));
  run((ledger) => ledger.record(all));
  run((ledger) => ledger.liftAll());
  run((ledger) => {
    t.equal(ledger.count(), 0);
    t.equal(ledger.tidy(), true);
    ledger.record([ban('10.0.0.1', null, 'again'), ban('10.0.40.1', null)]);
  });
  for (let times = 0; times < 2; times++) {
    run((ledger) => {
      t.same(named(ledger.bans()), ['10.0.0.1 again', '10.0.40.1 manual']);
      t.match(ledger.pastOf(p('10.0.0.1')), [
        { jail: 'again', bans: 1 },
        { jail: 'manual', bans: 1 },
      ]);
      t.match(ledger.pastOf(p('10.0.40.1')), [{ jail: 'manual', bans: 2 }]);
      while (ledger.tidy());
    });
  }
  run((ledger) => {
    ledger.record([unban('10.0.0.1'), unban('10.0.40.1')]);
    t.same([ledger.count(), ledger.liftAll()], [0, 0]);
    t.strictSame(ledger.record([ban('10.0.0.1', null)]).changes, [add('10.0.0.1', null)]);
    t.equal(ledger.count(), 1, 'a new row is behind the mark');
  });
});

t.test('the index of addresses follows: a thousand changes of all kinds, undone where a call fails', async (t) => {
  const refusal = (prefix: Prefix): undefined => {
    if (prefix.text === '192.0.2.2') throw new Error('a defect');
    return undefined;
  };
  const { ledger } = fresh(t, { refusal });
  const random = new Random(7);
  const model = new Map<string, Set<string>>();
  for (let step = 0; step < 1500; step++) {
    const [address, jail] = [`10.0.0.${random.below(40)}`, `j${random.below(3)}`];
    const kind = random.below(10);
    const jails = model.get(address) ?? new Set();
    if (kind < 6) {
      ledger.record([ban(address, null, jail)]);
      model.set(address, jails.add(jail));
    } else if (kind < 8) {
      ledger.record([unban(address, jail)]);
      jails.delete(jail);
    } else if (kind < 9) {
      t.throws(() => ledger.record([unban(address), ban('10.0.1.1', null), ban('192.0.2.2', null)]), {
        code: 'ledger',
      });
    } else if (random.below(20) === 0) {
      t.equal(ledger.liftAll(), [...model.values()].filter(({ size }) => size > 0).length);
      model.clear();
    } else ledger.tidy();
  }
  const wanted = [...model].flatMap(([address, jails]) => [...jails].map((jail) => `${address} ${jail}`)).sort();
  t.same(named(ledger.bans()).sort(), wanted);
  t.equal(ledger.count(), wanted.length);
  t.equal([...ledger.elements()].flat().length, ledger.liftAll());
});

t.test('whom the never-rules protect is not written, and taken away', async (t) => {
  const refusal = (prefix: Prefix): string | undefined => (prefix.covers(p('192.0.2.7')) ? 'the office' : undefined);
  const { ledger } = fresh(t, { refusal });
  t.strictSame(ledger.record([ban('192.0.2.7', null), ban('192.0.2.0/24', null), ban('192.0.2.8', null)]).changes, [
    remove('192.0.2.7'),
    remove('192.0.2.0/24'),
    add('192.0.2.8', null),
  ]);
  t.same(named(ledger.bans()), ['192.0.2.8 manual']);
});

t.test('bans of an earlier run that the never-rules protect today are taken away', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const clock = { now: NOW };
  const before = Ledger.open(path, { clock: () => clock.now });
  before.record([ban('192.0.2.7', null), ban('192.0.2.8', NOW + 1000), ban('192.0.2.7', NOW + 1000, 'sshd')]);
  before.close();
  const refusal = (prefix: Prefix): string | undefined => (prefix.text === '192.0.2.7' ? 'the office' : undefined);
  const after = Ledger.open(path, { clock: () => clock.now, refusal });
  t.teardown(() => after.close());
  t.same(texts(after.elements()), ['remove 192.0.2.7', 'add 192.0.2.8']);
  t.strictSame(after.record([unban('192.0.2.7', 'sshd')]).changes, [remove('192.0.2.7')]);
  clock.now += 1000;
  t.same(texts([after.expire().recorded.changes]), ['remove 192.0.2.8']);
});

t.test('what the kernel has to hold, in pages', async (t) => {
  const { ledger } = fresh(t);
  ledger.record(Array.from({ length: 7 }, (_, index) => ban(`10.0.0.${index}`, NOW + index + 1, 'a')));
  ledger.record([ban('10.0.0.3', null, 'b'), ban('192.0.2.1', NOW - 1)]);
  const pages = [...ledger.elements(3)];
  t.same(
    pages.map(({ length }) => length),
    [3, 3, 1],
  );
  t.strictSame(
    pages.flat(),
    Array.from({ length: 7 }, (_, index) => add(`10.0.0.${index}`, index === 3 ? null : NOW + index + 1)),
  );
});

t.test('what the kernel has to hold of some, and what is behind a row', async (t) => {
  const { ledger, clock } = fresh(t, { refusal: ({ text }) => (text === '10.0.0.3' ? 'the office' : undefined) });
  ledger.record([
    ban('10.0.0.1', null),
    ban('10.0.0.2', NOW + 1000),
    ban('10.0.0.2', NOW + 9000, 'sshd'),
    ban('::1', null),
  ]);
  const asked = ['::1', '10.0.0.2', '10.0.0.3', '10.0.0.9', '10.0.0.2'].map((text) => p(text));
  t.strictSame(ledger.changesOf(asked), [
    add('::1', null),
    add('10.0.0.2', NOW + 9000),
    remove('10.0.0.3'),
    remove('10.0.0.9'),
    add('10.0.0.2', NOW + 9000),
  ]);
  const first = ledger.elementsBehind(0, 2);
  t.same(texts([first.changes]), ['add 10.0.0.1', 'add 10.0.0.2']);
  t.same(texts([ledger.elementsBehind(first.last as number, 9).changes]), ['add ::1'], 'not one of them twice');
  t.same(ledger.elementsBehind(4, 2), { changes: [], last: undefined });
  t.same(ledger.range, { behind: 0, last: 4 });
  clock.now = NOW + 9000;
  t.strictSame(ledger.changesOf([p('10.0.0.2')]), [remove('10.0.0.2')]);
  t.equal(ledger.count(), 2, 'nothing was written');
});

t.test('a page that ends between two bans of one address loses neither', async (t) => {
  const { ledger } = fresh(t);
  ledger.record(['a', 'b', 'c'].flatMap((jail) => [ban('10.0.0.1', null, jail), ban('10.0.0.2', null, jail)]));
  for (const size of [1, 2, 3, 4, 5, 6, 7]) {
    t.same(
      named(ledger.bans(size)),
      ['10.0.0.1 a', '10.0.0.1 b', '10.0.0.1 c', '10.0.0.2 a', '10.0.0.2 b', '10.0.0.2 c'],
      `pages of ${size}`,
    );
  }
});

t.test('writing goes on while somebody reads page by page', async (t) => {
  const { ledger } = fresh(t);
  ledger.record(Array.from({ length: 6 }, (_, index) => ban(`10.0.0.${index}`, null)));
  const read: string[] = [];
  for (const page of ledger.bans(2)) {
    read.push(...named([page]));
    // Behind the reader, before it, and where it stands.
    ledger.record([ban('10.0.0.0', null, 'late'), unban('10.0.0.4'), ban('10.0.0.5', null, 'late')]);
    for (const _ of ledger.elements(1)) break;
  }
  t.same(read, [
    '10.0.0.0 manual',
    '10.0.0.1 manual',
    '10.0.0.2 manual',
    '10.0.0.3 manual',
    '10.0.0.5 late',
    '10.0.0.5 manual',
  ]);
});

t.test('what was recorded survives: closed and opened, and open in two places', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const options = { clock: () => NOW };
  const first = Ledger.open(path, options);
  first.record([ban('192.0.2.7', NOW + 1000, 'sshd', "it's ; DROP TABLE ban; é\u0000☃")]);
  const beside = Ledger.open(path, options);
  t.equal(beside.count(), 1, 'as a process that died without closing would leave it');
  beside.close();
  first.close();
  const second = Ledger.open(path, options);
  t.teardown(() => second.close());
  t.strictSame([...second.bans()].flat(), [
    {
      prefix: p('192.0.2.7'),
      jail: 'sshd',
      reason: "it's ; DROP TABLE ban; é\u0000☃",
      since: NOW,
      until: NOW + 1000,
    },
  ]);
});

t.test('how far sources have been read is remembered, the last word only', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const first = Ledger.open(path);
  t.same([...first.positions()], []);
  const remember = (ledger: Ledger, ...positions: [string, string][]) => ledger.record([], { positions }).changes;
  t.same(
    remember(first, ['file /var/log/b.log', '{"offset":1}'], ['file /var/log/a.log', '{"offset":2}']),
    [],
    'which is nothing to the kernel',
  );
  remember(first, ['file /var/log/b.log', '{"offset":3}']);
  first.close();
  const second = Ledger.open(path);
  t.teardown(() => second.close());
  t.same(
    [...second.positions()],
    [
      ['file /var/log/a.log', '{"offset":2}'],
      ['file /var/log/b.log', '{"offset":3}'],
    ],
  );
});

t.test('what has counted is remembered entry by entry, until a whole takes their place', async (t) => {
  const { ledger } = fresh(t);
  const count = (text: string, isWhole = false) => ledger.record([], { positions: [], counts: { text, isWhole } });
  t.same(ledger.counts(), []);
  count('{"whole":1}', true);
  count('{"a":1}');
  count('{"a":2}');
  t.same(ledger.counts(), ['{"whole":1}', '{"a":1}', '{"a":2}']);
  count('{"whole":2}', true);
  t.same(ledger.counts(), ['{"whole":2}']);
});

t.test('verdicts and the progress that led to them are written down together or not at all', async (t) => {
  const { ledger } = fresh(t);
  const positions = function* (): Generator<readonly [string, string]> {
    yield ['file /a', '{}'];
    throw new Error('interrupted');
  };
  const counts = { text: '{}', isWhole: false };
  t.throws(() => ledger.record([ban('192.0.2.7', null)], { positions: positions(), counts }), {
    code: 'ledger',
    message: /interrupted/,
  });
  t.same([ledger.positions().size, ledger.counts(), ledger.count()], [0, [], 0]);
  ledger.record([ban('192.0.2.7', null)], { positions: [['file /a', '{}']], counts });
  t.same([ledger.positions().size, ledger.counts(), ledger.count()], [1, ['{}'], 1]);
});

t.test('only the owner may read the file, and its directory', async (t) => {
  const directory = join(t.testdir(), 'state', 'dropset');
  const path = join(directory, 'ledger.db');
  Ledger.open(path).close();
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(directory).mode & 0o777, 0o700);
  chmodSync(path, 0o644);
  const again = Ledger.open(path);
  t.teardown(() => again.close());
  t.equal(statSync(path).mode & 0o777, 0o600);
  again.record([ban('192.0.2.7', null)]);
  for (const suffix of ['-wal', '-shm']) t.equal(statSync(path + suffix).mode & 0o077, 0, suffix);
});

t.test('files that are no ledger of ours', async (t) => {
  const directory = t.testdir({ 'corrupt.db': 'no database '.repeat(100), 'newer.db': '', folder: {} });
  const newer = new Database(join(directory, 'newer.db'));
  newer.pragma('user_version = 9');
  newer.close();
  const cases: [string, RegExp][] = [
    ['newer.db', /newer\.db was written by a newer dropset \(schema 9\): upgrade dropset$/],
    ['corrupt.db', /^opening the ledger .*corrupt\.db: file is not a database/],
    ['folder', /^opening the ledger .*folder: /],
    ['corrupt.db/below.db', /^opening the ledger .*below\.db: /],
  ];
  for (const [name, message] of cases) {
    t.throws(() => Ledger.open(join(directory, name)), { code: 'ledger', message }, name);
  }
  t.match(readFileSync(join(directory, 'corrupt.db'), 'utf8'), /^no database/, 'and it is left as it was');
});

t.test('a file that is damaged later is an error of the ledger, not a crash', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const first = Ledger.open(path);
  first.record(Array.from({ length: 3000 }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`, null)));
  first.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096);
  writeFileSync(path, bytes);
  const second = Ledger.open(path);
  t.teardown(() => second.close());
  t.throws(() => [...second.bans()], { code: 'ledger', message: /^reading the ledger .*malformed/ });
  t.throws(() => second.record([ban('192.0.2.7', null)]), { code: 'ledger', message: /^writing the ledger / });
});

t.test('leniently, a damaged page is met once: the next call has what could be read', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const first = Ledger.open(path, { clock: () => NOW });
  first.record(Array.from({ length: 3_000 }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`, null)));
  first.close();
  DAMAGES.flipped(path);
  const faults: Fault[] = [];
  const ledger = Ledger.lenient(path, (fault) => faults.push(fault), { clock: () => NOW });
  t.teardown(() => ledger.close());
  t.same(faults, []);
  t.throws(() => [...ledger.bans()], { code: 'ledger' });
  t.match(faults, [{ sentence: /was damaged/, isLoss: true }]);
  const known = ledger.count();
  t.ok(known > 2_500 && known < 3_000, `${known} bans`);
  t.equal([...ledger.bans()].flat().length, known);
  ledger.record([ban('192.0.2.7', null)]);
  t.equal(ledger.count(), known + 1);
  t.equal(ledger.mend(), true);
});

t.test('leniently, a ledger that cannot be opened works in memory, and then in its file', async (t) => {
  const path = join(t.testdir({ state: '' }), 'state', 'ledger.db');
  const ledger = Ledger.lenient(path, () => undefined, { clock: () => NOW });
  t.teardown(() => ledger.close());
  ledger.record([ban('192.0.2.7', null)]);
  t.equal(ledger.mend(), false);
  t.equal(ledger.count(), 1);
  rmSync(dirname(path));
  t.equal(ledger.mend(), true);
  ledger.record([ban('192.0.2.8', null), unban('192.0.2.7')]);
  t.match(ledger.pastOf(p('192.0.2.7')), [{ bans: 1 }]);
  const beside = Ledger.open(path, { clock: () => NOW });
  t.teardown(() => beside.close());
  t.same(named(beside.bans()), ['192.0.2.8 manual']);
});

t.test('somebody else holds the file: an error after two seconds, nothing half done, and it goes on', async (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const ledger = Ledger.open(path, { clock: () => NOW });
  const other = new Database(path);
  t.teardown(() => {
    other.close();
    ledger.close();
  });
  other.exec('BEGIN IMMEDIATE');
  t.throws(() => ledger.record([ban('192.0.2.7', null)]), { code: 'ledger', message: /^writing .*database is locked/ });
  t.equal(ledger.count(), 0, 'readers never wait');
  other.exec('ROLLBACK');
  t.strictSame(ledger.record([ban('192.0.2.7', null)]).changes, [add('192.0.2.7', null)]);
});

t.test('a call fails as a whole', async (t) => {
  const refusal = (prefix: Prefix): undefined => {
    if (prefix.text === '192.0.2.2') throw new Error('a defect');
    return undefined;
  };
  const { ledger } = fresh(t, { refusal });
  t.throws(() => ledger.record([ban('192.0.2.1', null), ban('192.0.2.2', null)]), { code: 'ledger' });
  t.equal(ledger.count(), 0);
});

t.test('after closing everything is an error of the ledger', async (t) => {
  const ledger = Ledger.open(':memory:');
  ledger.close();
  t.throws(() => ledger.count(), { code: 'ledger', message: /not open/ });
  t.throws(() => ledger.record([ban('192.0.2.1', null)]), { code: 'ledger' });
  t.doesNotThrow(() => ledger.close());
});

t.test('the directory may be there already', async (t) => {
  const directory = join(t.testdir(), 'shared');
  mkdirSync(directory, { mode: 0o755 });
  Ledger.open(join(directory, 'ledger.db')).close();
  t.equal(statSync(directory).mode & 0o777, 0o755, 'and is not ours to change');
});

t.test('what is lifted is in doubt until the kernel has answered, in another life too', (t) => {
  const path = join(t.testdir(), 'ledger.db');
  const first = Ledger.open(path);
  const ban = (address: string, jail: string): Verdict => ({
    kind: 'ban',
    ban: { prefix: Prefix.parse(address), jail, reason: '', since: 1, until: null },
  });
  const unban = (address: string, jail?: string): Verdict => ({
    kind: 'unban',
    prefix: Prefix.parse(address),
    ...(jail && { jail }),
  });
  first.arrived(
    first.record([ban('192.0.2.1', 'a'), ban('192.0.2.1', 'b'), ban('192.0.2.2', 'a'), ban('192.0.2.3', 'a')]),
  );
  first.record([unban('192.0.2.1', 'a')]);
  t.same(first.inDoubt(), [], 'another ban keeps the element');
  first.record([unban('192.0.2.1'), unban('192.0.2.2')]);
  const arrived = first.record([unban('192.0.2.3')]);
  first.record([ban('192.0.2.2', 'a')]);
  first.arrived(arrived);
  first.close();
  const second = Ledger.open(path);
  t.teardown(() => second.close());
  const doubts = second.inDoubt();
  t.same(
    doubts.map(({ changes }) => changes.map(({ verb, prefix }) => `${verb} ${prefix}`)),
    [['remove 192.0.2.1', 'add 192.0.2.2']],
    'what it is by now',
  );
  for (const changes of doubts) second.arrived(changes);
  t.same(second.inDoubt(), []);
  second.liftAll();
  second.close();
  const third = Ledger.open(path);
  t.teardown(() => third.close());
  t.equal(third.isClearing, true, 'all of it, until the kernel has let go');
  third.cleared();
  t.equal(third.isClearing, false);
  t.end();
});

t.test('bans behind a row, each by itself', async (t) => {
  const { ledger } = fresh(t);
  ledger.record([ban('192.0.2.1', null), ban('192.0.2.2', null)]);
  const { last } = ledger.range;
  t.same(named(ledger.bansBehind(last)), []);
  ledger.record([ban('192.0.2.1', null, 'sshd'), ban('192.0.2.2', NOW + 1), ban('192.0.2.3', null)]);
  t.same(named(ledger.bansBehind(last, 1)), ['192.0.2.1 sshd', '192.0.2.3 manual']);
  t.equal(named(ledger.bansBehind(0)).length, 4);
});
