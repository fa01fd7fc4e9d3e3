import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { loadProgram, type MapName, readJiffies } from '../../../src/bpf/program.js';
import { ADD, FOUND, OBSERVE, RECORD, REMOVE, Records } from '../../../src/bpf/records.js';
import { planOf, Tables } from '../../../src/bpf/tables.js';
import { Prefix } from '../../../src/model/prefix.js';
import { xdpNative } from '../../../src/native.js';
import { frame } from '../../frames.js';
import { crowd, shapeOf } from '../../homes.js';
import { Random } from '../../random.js';
import { Loaded, XDP } from '../../tables.js';

const parsed = (texts: readonly string[]): Prefix[] => texts.map((text) => Prefix.parse(text));
const standing = (loaded: Loaded): string[] =>
  [...loaded.tables.walk(1000)]
    .flat()
    .map(({ prefix }) => prefix.text)
    .sort();

/** Values of a map's entries, one behind the other; of every so many. */
function dump({ program }: Loaded, name: MapName, bytes = Number.POSITIVE_INFINITY, step = 1): Buffer {
  const map = program.maps[name];
  const { entries = 0, valueSize = 0 } = xdpNative().inspect(map);
  const key = Buffer.alloc(4);
  const values = Array.from({ length: Math.floor(entries / step) }, (_, index) => {
    key.writeUInt32LE(index * step);
    return xdpNative().lookup(map, key, valueSize)?.subarray(0, bytes) as Buffer;
  });
  return Buffer.concat(values);
}

/** The slots' words; what belongs to them is of no meaning where nobody lives. */
const words = (loaded: Loaded): Buffer => Buffer.concat([dump(loaded, 'buckets4', 64), dump(loaded, 'buckets6', 64)]);

/** The word with the cell of an IPv4 address. */
function cellOf({ program }: Loaded, text: string): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32LE((Prefix.parse(text).word(0) >>> 8) >> 5);
  return xdpNative().lookup(program.maps.present4, key, 8) as Buffer;
}

const bits = (bytes: Buffer): number => {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest; rest &= rest - 1) count++;
  return count;
};

t.test('elements are found, walked, refreshed and taken out', async (t) => {
  const loaded = new Loaded(t);
  const texts = [
    '192.0.2.7',
    '192.0.2.0/24',
    '0.0.0.0/0',
    '0.0.0.1',
    '0.0.0.0/31',
    '2001:db8::1',
    '::/0',
    '2001:db8::/64',
  ];
  t.ok(loaded.put(ADD, 60_000, ...texts));
  t.same(standing(loaded), [...texts].sort());
  for (const [index, found] of loaded.tables.find(parsed(texts)).entries()) {
    t.equal(found?.prefix.text, texts[index] as string);
    t.ok(found && found.left > 59_000 && found.left < 60_400, `${found?.left}`);
  }
  loaded.ban('192.0.2.7');
  t.equal(loaded.tables.find(parsed(['192.0.2.7']))[0]?.left, Number.POSITIVE_INFINITY);
  t.equal(loaded.tables.state.held, 8);
  loaded.unban('192.0.2.7', '192.0.2.9');
  t.same(loaded.tables.find(parsed(['192.0.2.7', '192.0.2.9'])), [undefined, undefined]);
  t.equal(loaded.tables.state.held, 7);
  t.same(loaded.tables.find([]), []);
  t.ok(loaded.tables.apply(Buffer.alloc(0)));
});

t.test('what is left: none, nonsense, for ever', async (t) => {
  const loaded = new Loaded(t);
  for (const left of [0, -1, -1e300, Number.NaN, Number.NEGATIVE_INFINITY]) {
    loaded.ban('192.0.2.7', '2001:db8::7');
    loaded.put(ADD, left, '192.0.2.7', '2001:db8::7');
    t.notOk(loaded.drops('192.0.2.7') || loaded.drops('2001:db8::7'), `${left}`);
    t.same(standing(loaded), []);
  }
  for (const left of [1e300, Number.POSITIVE_INFINITY, Number.MAX_VALUE]) {
    loaded.put(ADD, left, '192.0.2.7');
    t.ok(loaded.drops('192.0.2.7'), `${left}`);
    t.equal(loaded.tables.find(parsed(['192.0.2.7']))[0]?.left, Number.POSITIVE_INFINITY);
  }
  loaded.put(ADD, 200 * 86_400_000, '192.0.2.7');
  const [found] = loaded.tables.find(parsed(['192.0.2.7']));
  t.ok(found && Math.abs(found.left - 200 * 86_400_000) < 400);
});

/** What a ban may be late: a unit of 256 ms and ticks of at most 10 ms; and what the machine may take to look. */
const LATE = 256 + 30 + 60;

t.test('a ban ends in time, and never early', async (t) => {
  const loaded = new Loaded(t);
  const random = new Random(7);
  const bans = Array.from({ length: 200 }, (_, index) => ({
    source: index % 2 ? `192.0.2.${index}` : `2001:db8::${index}`,
    left: 1 + random.below(900),
    since: 0,
    ended: 0,
    late: 0,
  }));
  const early: string[] = [];
  let other: Tables | undefined;
  for (const ban of bans) {
    ban.since = performance.now();
    loaded.put(ADD, ban.left, ban.source);
    await sleep(1);
  }
  let before = performance.now();
  while (bans.some(({ ended }) => ended === 0)) {
    for (const ban of bans.filter(({ ended }) => ended === 0)) {
      const started = performance.now();
      if (loaded.drops(ban.source)) ban.late = Math.max(0, started - ban.since - ban.left);
      else ban.ended = performance.now();
      if (ban.ended > 0 && ban.ended - ban.since < ban.left) early.push(`${ban.source} of ${ban.left}`);
      const stands = loaded.tables.find(parsed([ban.source]))[0] !== undefined;
      if (!stands && performance.now() - ban.since < ban.left) early.push(`${ban.source} is not found`);
    }
    loaded.sweep();
    // Another process would judge by a clock that it has read itself.
    if (performance.now() - before > 50) {
      other?.close();
      other = loaded.tables;
      loaded.tables = Tables.adopt(loaded.program);
      before = performance.now();
    }
    await sleep(2);
  }
  other?.close();
  t.same(early, []);
  const late = Math.max(...bans.map((ban) => ban.late));
  t.ok(late < LATE, `at most ${late} ms late`);
});

t.test('full is full: all or none', async (t) => {
  const loaded = new Loaded(t, { addresses: 300, prefixes: 20, counting: true });
  const addresses = Array.from({ length: 301 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const prefixes = Array.from({ length: 21 }, (_, index) => `172.16.${index}.0/24`);
  t.ok(loaded.ban(...addresses.slice(0, 300)));
  t.ok(loaded.ban(...prefixes.slice(0, 20)));
  const before = standing(loaded);
  t.equal(before.length, 320);
  t.notOk(loaded.ban(addresses[300] as string));
  t.notOk(loaded.ban(prefixes[20] as string));
  t.notOk(loaded.ban('2001:db8::1', addresses[300] as string), 'one that fits with one that does not');
  t.same(standing(loaded), before);
  t.notOk(loaded.drops('2001:db8::1'));
  t.ok(loaded.put(ADD, 1000, ...addresses.slice(0, 300)), 'to refresh needs no room');
  const records = new Records().reset(2);
  records.add(Prefix.parse(addresses[5] as string), REMOVE, 0);
  records.add(Prefix.parse(addresses[300] as string), ADD, 1000);
  t.ok(loaded.tables.apply(records.bytes), 'one for another');
  t.notOk(loaded.drops(addresses[5] as string));
  t.ok(addresses.filter((_, index) => index !== 5).every((address) => loaded.drops(address)));
  loaded.put(ADD, 0, addresses[7] as string);
  t.ok(loaded.ban(addresses[5] as string), 'who has ended makes room');
  t.equal(loaded.tables.state.held, 320);
});

t.test('who finds no home: what went before is taken back', async (t) => {
  const loaded = new Loaded(t, { addresses: 60, prefixes: 10, counting: true });
  for (const family of [4, 6] as const) {
    const addresses = crowd(shapeOf(loaded), family, 2, 30);
    const others = [`203.0.113.${family}`, `2001:db8:9::${family}`];
    const fits = addresses.filter((address) => loaded.ban(address));
    t.equal(fits.length, 16, 'two buckets have sixteen slots');
    loaded.observe(fits[0] as string);
    for (const address of fits) loaded.run(frame(`an ICMP message from ${address}`).bytes, 100);
    const [before, found] = [words(loaded), loaded.tables.find(parsed(fits))];
    const state = shapeOf(loaded).held;
    const records = new Records().reset(100);
    for (const address of fits.slice(0, 4)) records.add(Prefix.parse(address), REMOVE, 0);
    for (const other of others) records.add(Prefix.parse(other), ADD, 1000);
    for (const address of fits.slice(4, 8)) records.add(Prefix.parse(address), ADD | OBSERVE, 5);
    for (const address of addresses.filter((address) => !fits.includes(address)).slice(0, 8))
      records.add(Prefix.parse(address), ADD, 1000);
    t.notOk(loaded.tables.apply(records.bytes));
    t.same(words(loaded), before);
    t.same(loaded.tables.find(parsed(fits)), found, 'with their times and counts');
    t.same(shapeOf(loaded).held, state);
    t.same(
      fits.map((address) => loaded.drops(address)),
      fits.map((_, index) => index > 0),
    );
    t.notOk(loaded.drops(others[0] as string) || loaded.drops(others[1] as string));
  }
});

t.test('a writer that was killed in the middle', async (t) => {
  const loaded = new Loaded(t, { addresses: 60, prefixes: 10, counting: true });
  const addresses = crowd(shapeOf(loaded), 4, 2, 30);
  const fits = addresses.filter((address) => loaded.ban(address));
  // As between two stores of a move: in both homes. The copy takes the place of somebody whom that ends.
  const map = loaded.program.maps.buckets4;
  const [first, second] = [Buffer.alloc(4), Buffer.from([1, 0, 0, 0])];
  const one = xdpNative().lookup(map, first, 192) as Buffer;
  const two = xdpNative().lookup(map, second, 192) as Buffer;
  const twice = Prefix.fromBytes(Buffer.from([one[3], one[2], one[1], one[0]] as number[]));
  one.copy(two, 0, 0, 8);
  xdpNative().update(map, second, two);
  loaded.tables.close();
  loaded.tables = Tables.adopt(loaded.program);
  t.equal(loaded.tables.state.held, 15);
  const left = standing(loaded);
  t.equal(left.length, 15);
  t.ok(left.includes(twice.text) && left.every((text) => fits.includes(text)));
  loaded.unban(twice.text);
  t.notOk(loaded.drops(twice.text), 'who is taken out is out');
  t.equal(loaded.tables.state.held, 14);
});

t.test('behind a sweep no clean address pays for who has gone', async (t) => {
  const loaded = new Loaded(t);
  const kept = ['192.0.2.7', '172.16.0.0/12', '198.51.100.0/25', '2001:db8::1', '2001:db8:5::/48', '2001:db8:7:7::/64'];
  const gone = [
    '10.0.0.0/8',
    '0.0.0.0/0',
    '203.0.113.4/30',
    '8.8.8.8',
    '::/0',
    '2000::/16',
    '2001:db9::/35',
    '2001:dba::5',
  ];
  loaded.allow('192.0.2.0/30', '2001:db8:5:5::/64');
  loaded.ban(...gone, ...kept);
  loaded.allow('198.51.100.4');
  t.same([...shapeOf(loaded).lengths4].sort(), [0, 12, 25, 30, 8]);
  loaded.put(ADD, 0, ...gone.slice(0, 4));
  loaded.unban(...gone.slice(4));
  while (loaded.tables.sweep(7));
  const fresh = new Loaded(t);
  fresh.allow('198.51.100.4');
  fresh.ban(...kept);
  const cells = (tables: Loaded): Buffer => dump(tables, 'present4', 8, 53);
  t.ok(cells(loaded).equals(cells(fresh)), 'present4');
  for (const text of ['192.0.2.1', '203.0.113.4', '8.8.8.8']) t.same(cellOf(loaded, text), cellOf(fresh, text), text);
  t.ok(dump(loaded, 'blocks4').equals(dump(fresh, 'blocks4')), 'blocks4');
  // IPv6 is hashed, with a seed: a bit each.
  t.equal(bits(dump(loaded, 'present6')), 2, 'an address, and a /64');
  t.equal(bits(dump(loaded, 'wide6')), 1, 'a /48');
  t.same(shapeOf(loaded).lengths4, [25, 12]);
  t.same(shapeOf(loaded).lengths6, [48, 64]);
  for (const text of kept) t.ok(loaded.drops(text.replace(/\/\d+$/, '')), text);
  loaded.unban(...kept);
  loaded.allow();
  loaded.sweep();
  for (const name of ['present6', 'blocks4'] as const) t.equal(bits(dump(loaded, name)), 0, name);
  t.same(shapeOf(loaded).lengths4, []);
  t.equal(loaded.tables.state.held, 0);
});

t.test('adopted tables', async (t) => {
  const loaded = new Loaded(t);
  loaded.ban('192.0.2.0/24', '192.0.2.7', '2001:db8::/32', '2001:db8::7');
  loaded.allow('192.0.2.8', '2001:db8::8');
  loaded.tables.sweep(5);
  loaded.tables.close();
  loaded.tables = Tables.adopt(loaded.program);
  loaded.sweep();
  const judged = (): boolean[] =>
    ['192.0.2.7', '192.0.2.8', '2001:db8::7', '2001:db8::8'].map((ip) => loaded.drops(ip));
  t.same(judged(), [true, false, true, false], 'a sweep before anybody has said what is allowed');
  t.equal(loaded.tables.state.held, 4);
  loaded.allow('192.0.2.9');
  loaded.sweep();
  t.same(judged(), [true, true, true, true]);
  t.notOk(loaded.drops('192.0.2.9'));
  t.ok(loaded.ban('198.51.100.0/30'));
  t.ok(loaded.drops('198.51.100.3'));
});

t.test('maps without tables, of another layout, or too small', async (t) => {
  const sizes = { addresses: 100, prefixes: 100, counting: true };
  const program = loadProgram({ sizes: planOf(sizes) });
  t.teardown(() => program.close());
  t.throws(() => Tables.adopt(program), { name: 'BpfError', errno: 22 });
  t.throws(() => Tables.create(program, { ...sizes, addresses: 100_000 }), { name: 'BpfError', errno: 90 });
  Tables.create(program, sizes).close();
  t.throws(() => Tables.create(program, sizes), { name: 'BpfError', errno: 17 });
  const size = xdpNative().layout.shape as number;
  const shape = xdpNative().lookup(program.maps.shape, Buffer.alloc(4), size) as Buffer;
  for (const [offset, value] of [
    [0, 7],
    [4, 99],
    [56, 1_000_000],
    [72, 1_000_000],
    [72, 0],
    [88, 60],
    [32, 40],
  ] as const) {
    const other = Buffer.from(shape);
    other.writeUInt32LE(value, offset);
    xdpNative().update(program.maps.shape, Buffer.alloc(4), other);
    t.throws(() => Tables.adopt(program), { name: 'BpfError', errno: 22 }, `${value} at ${offset}`);
  }
  xdpNative().update(program.maps.shape, Buffer.alloc(4), shape);
  Tables.adopt(program).close();
});

/** A permutation of the numbers of 32 bits. */
const scattered = (index: number): number => Math.imul(index + 1, 0x9e3779b1) >>> 0;

/** Records of so many addresses that stand for ever: written here, because a million prefixes take seconds. */
function manyRecords(from: number, count: number): Buffer {
  const words = new Uint32Array((count * RECORD.SIZE) / 4);
  const doubles = new Float64Array(words.buffer);
  for (let i = 0; i < count; i++) {
    words[i * 8 + 1] = scattered(from + i);
    words[i * 8 + 4] = (4 << 8) | 32;
    words[i * 8 + 5] = ADD;
    doubles[i * 4 + 3] = Number.POSITIVE_INFINITY;
  }
  return Buffer.from(words.buffer);
}

t.test('a million elements, to the last place', async (t) => {
  const [count, step] = [1_000_000, 50_000];
  const loaded = new Loaded(t, { addresses: count, prefixes: 10, counting: true });
  const native = xdpNative();
  const reader = native.openArena(loaded.program.maps);
  t.teardown(() => native.closeArena(reader));
  const { jiffies, since } = readJiffies(loaded.program);
  native.adopt(reader, jiffies, since);
  for (let from = 0; from < count; from += step) t.ok(loaded.tables.apply(manyRecords(from, step)));
  t.equal(loaded.tables.state.held, count);
  let missing = 0;
  for (let from = 0; from < count; from += step) {
    const found = native.find(reader, manyRecords(from, step));
    for (let at = 0; at < found.length; at += FOUND.SIZE) {
      if (found.readUInt32LE(at + FOUND.TAG) !== scattered(from + at / FOUND.SIZE)) missing++;
    }
  }
  t.equal(missing, 0);
  const { bytes } = frame('a TCP segment to port 22 from 192.0.2.7');
  const judged = (index: number): number => {
    bytes.writeUInt32BE(scattered(index), 26);
    return loaded.run(bytes);
  };
  let [dropped, passed] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    if (judged(i * 100) === XDP.DROP) dropped++;
    if (judged(count + i * 100) === XDP.PASS) passed++;
  }
  t.same({ dropped, passed }, { dropped: 10_000, passed: 10_000 });
  t.notOk(loaded.tables.apply(manyRecords(count, 1)), 'not one more');
});
