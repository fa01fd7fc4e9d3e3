/** The second addon as a program without types would call it: TypeErrors and SystemErrors, no crash, no descriptor left open. */
import { readdirSync } from 'node:fs';
import t from 'tap';
import { loadProgram, readJiffies } from '../../../src/bpf/program.js';
import { planOf } from '../../../src/bpf/tables.js';
import { type Arena, BPF_OBJECT, xdpNative } from '../../../src/native.js';

const native = xdpNative();
const raw = native as unknown as Record<string, (...args: unknown[]) => unknown>;
const descriptors = (): number => readdirSync('/proc/self/fd').length;
const SIZES = { addresses: 100, prefixes: 100, counting: true };
const program = loadProgram({ sizes: planOf(SIZES) });
t.teardown(() => program.close());

/** What is no whole number. Node-API by itself makes 0 of some of these, and 0 is somebody's descriptor. */
const NO_NUMBERS = [undefined, null, '3', 1n, Number.NaN, Number.POSITIVE_INFINITY, 1.5, 2 ** 53, {}, [], Symbol('fd')];
const NO_BUFFERS = [undefined, null, 'bytes', 7, {}, [1, 2, 3, 4], new ArrayBuffer(4)];
const NO_ARENAS = [undefined, null, 0, {}, [], Buffer.alloc(64), () => 0];

const caught = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (thrown) {
    return thrown;
  }
};

const arena = (): Arena => {
  const made = native.openArena(program.maps);
  // Some are closed before.
  t.teardown(() => caught(() => native.closeArena(made)));
  return made;
};

const formatted = arena();
{
  const { jiffies, since } = readJiffies(program);
  native.format(formatted, 100, 100, true, jiffies, since);
}

t.test('functions without arguments', async (t) => {
  const before = descriptors();
  for (const [name, call] of Object.entries(raw)) {
    if (typeof call === 'function') t.throws(() => call(), TypeError, name);
  }
  t.equal(descriptors(), before);
});

t.test('what is no descriptor, and what is one of nothing', async (t) => {
  const before = descriptors();
  const key = Buffer.alloc(4);
  const calls: Readonly<Record<string, (fd: unknown) => unknown>> = {
    pin: (fd) => raw.pin?.(fd, '/sys/fs/bpf/none/x'),
    inspect: (fd) => raw.inspect?.(fd),
    programById: (fd) => raw.programById?.(fd),
    attach: (fd) => raw.attach?.(fd, 1, 2),
    updateLink: (fd) => raw.updateLink?.(fd, program.drop),
    testRun: (fd) => raw.testRun?.(fd, Buffer.alloc(64), 1),
    close: (fd) => raw.close?.(fd),
    lookup: (fd) => raw.lookup?.(fd, key, 8),
    update: (fd) => raw.update?.(fd, key, key),
    remove: (fd) => raw.remove?.(fd, key),
    nextKey: (fd) => raw.nextKey?.(fd, null, 4),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const wrong of NO_NUMBERS) t.throws(() => call(wrong), TypeError, `${name} ${String(wrong)}`);
    if (name === 'inspect') t.same(call(999_999), { kind: 'unknown' });
    else
      t.match(
        caught(() => call(999_999)),
        { errno: Number, syscall: String },
        name,
      );
  }
  t.equal(descriptors(), before);
});

t.test('a program where a map is wanted, and the other way round', async (t) => {
  t.match(
    caught(() => native.lookup(program.drop, Buffer.alloc(4), 8)),
    { errno: 9 },
  );
  t.match(
    caught(() => native.testRun(program.maps.allow, Buffer.alloc(64), 1)),
    { errno: Number },
  );
  t.match(
    caught(() => native.attach(program.maps.allow, 1, 2)),
    { errno: Number },
  );
  t.match(
    caught(() => native.updateLink(program.drop, program.drop)),
    { errno: Number },
  );
  t.match(
    caught(() => native.openArena({ ...program.maps, buckets4: program.drop })),
    { errno: Number },
  );
  t.match(
    caught(() => native.openArena({ ...program.maps, shape: program.maps.allow })),
    { errno: Number },
  );
});

t.test('keys and values are as long as the map says, or nothing is read', async (t) => {
  const { scopes, allow, tallies } = program.maps;
  const rule = native.layout.rule as number;
  for (const wrong of [...NO_BUFFERS, Buffer.alloc(0), Buffer.alloc(23), Buffer.alloc(25), Buffer.alloc(600)]) {
    t.throws(() => raw.lookup?.(allow, wrong, 24), TypeError);
    t.throws(() => raw.remove?.(allow, wrong), TypeError);
    t.throws(() => raw.update?.(allow, wrong, Buffer.alloc(24)), TypeError);
    if (wrong !== null) t.throws(() => raw.nextKey?.(allow, wrong, 24), TypeError);
  }
  for (const wrong of [...NO_BUFFERS, Buffer.alloc(rule - 1)])
    t.throws(() => raw.update?.(scopes, Buffer.alloc(4), wrong), TypeError);
  for (const wrong of [...NO_NUMBERS, -1, 0, rule - 1, 2 ** 31])
    t.throws(() => raw.lookup?.(scopes, Buffer.alloc(4), wrong), TypeError);
  t.throws(() => native.lookup(tallies, Buffer.alloc(4), native.layout.tally as number), TypeError, 'of one CPU alone');
  for (const wrong of [...NO_NUMBERS, 0, 23, 25, 512]) t.throws(() => raw.nextKey?.(allow, null, wrong), TypeError);
  t.equal(native.lookup(allow, Buffer.alloc(24), 24), undefined);
  t.equal(native.remove(allow, Buffer.alloc(24)), false);
  t.equal(native.nextKey(allow, null, 24), undefined);
  t.match(
    caught(() => native.lookup(program.maps.present4, Buffer.alloc(4, 255), 8)),
    undefined,
  );
  t.match(
    caught(() => native.update(program.maps.present4, Buffer.alloc(4, 255), Buffer.alloc(8))),
    { errno: 7 },
  );
});

t.test('test runs', async (t) => {
  for (const wrong of [...NO_BUFFERS, Buffer.alloc(0), Buffer.alloc(65_537)])
    t.throws(() => raw.testRun?.(program.drop, wrong, 1), TypeError);
  for (const wrong of [...NO_NUMBERS, -1, 2 ** 24 + 1, 2 ** 32])
    t.throws(() => raw.testRun?.(program.drop, Buffer.alloc(64), wrong), TypeError);
  t.match(
    caught(() => native.testRun(program.drop, Buffer.alloc(13), 1)),
    { errno: 22, syscall: 'testRun' },
  );
  t.equal(native.testRun(program.drop, Buffer.alloc(14), 0).verdict, 2);
});

t.test('paths', async (t) => {
  for (const wrong of [undefined, null, 7, {}, '', '/sys/fs/bpf/a\0b', `/${'a'.repeat(5000)}`]) {
    t.throws(() => raw.openPin?.(wrong), TypeError);
    t.throws(() => raw.pin?.(program.drop, wrong), TypeError);
    t.throws(() => raw.load?.(wrong, {}, {}, true), TypeError);
  }
  t.match(
    caught(() => native.openPin('/proc/none')),
    { errno: 2 },
  );
  t.match(
    caught(() => native.openPin('/proc/self/status')),
    { errno: Number },
  );
  t.match(
    caught(() => native.pin(program.drop, '/tmp/dropset-no-bpffs')),
    { errno: 1 },
  );
});

t.test('loading', async (t) => {
  const before = descriptors();
  for (const wrong of [undefined, null, 7, 'sizes']) {
    t.throws(() => raw.load?.(BPF_OBJECT, wrong, {}, true), TypeError);
    t.throws(() => raw.load?.(BPF_OBJECT, {}, wrong, true), TypeError);
  }
  for (const wrong of [null, '7', -1, Number.NaN, {}]) {
    t.throws(() => raw.load?.(BPF_OBJECT, { buckets4: wrong }, {}, true), TypeError);
    t.throws(() => raw.load?.(BPF_OBJECT, {}, { buckets4: wrong }, true), TypeError);
  }
  for (const wrong of [undefined, null, 1]) t.throws(() => raw.load?.(BPF_OBJECT, {}, {}, wrong), TypeError);
  t.match(
    caught(() => native.load('/proc/none', {}, {}, true, 'dropset')),
    { errno: 2, syscall: 'open', log: String },
  );
  t.match(
    caught(() => native.load('/proc/self/cmdline', {}, {}, true, 'dropset')),
    { errno: Number, syscall: 'open' },
  );
  t.match(
    caught(() => native.load(BPF_OBJECT, {}, { buckets4: program.maps.buckets6 }, true, 'dropset')),
    { errno: 22, syscall: 'map' },
  );
  t.match(
    caught(() => native.load(BPF_OBJECT, {}, { buckets4: 0 }, true, 'dropset')),
    { errno: 22, syscall: 'map' },
  );
  t.match(
    caught(() => native.load(BPF_OBJECT, { buckets4: 0 }, {}, true, 'dropset')),
    { syscall: String },
  );
  t.equal(descriptors(), before);
});

t.test('arenas', async (t) => {
  const before = descriptors();
  const forged = [Object.create(formatted as object), new Proxy(formatted as object, {}), { ...(formatted as object) }];
  for (const name of ['closeArena', 'format', 'adopt', 'describe', 'allow', 'apply', 'find', 'walk', 'sweep', 'copy']) {
    for (const wrong of [...NO_ARENAS, ...forged])
      t.throws(() => raw[name]?.(wrong, Buffer.alloc(0), 1, true, 1n, 1n), TypeError, name);
  }
  for (const wrong of [undefined, null, 7, {}, { ...program.maps, shape: undefined }, { ...program.maps, wide6: '7' }])
    t.throws(() => raw.openArena?.(wrong), TypeError);
  t.match(
    caught(() => native.openArena({ ...program.maps, shape: 999_999 })),
    { errno: Number, syscall: 'mmap' },
  );
  const fresh = arena();
  for (const name of ['describe', 'allow', 'apply', 'find', 'walk', 'sweep'])
    t.throws(() => raw[name]?.(fresh, Buffer.alloc(0), 1), TypeError, `${name} before there are tables`);
  native.closeArena(fresh);
  t.throws(() => native.closeArena(fresh), TypeError);
  t.throws(() => native.describe(fresh), TypeError);
  t.equal(descriptors(), before);
});

t.test('sizes, times and counts', async (t) => {
  for (const wrong of [...NO_NUMBERS, 0, -1, 2 ** 26 + 1]) {
    t.throws(() => raw.plan?.(wrong, 1, true), TypeError);
    t.throws(() => raw.plan?.(1, wrong, true), TypeError);
    t.throws(() => raw.format?.(formatted, wrong, 1, true, 1n, 1n), TypeError);
  }
  for (const wrong of [undefined, null, 1]) t.throws(() => raw.plan?.(1, 1, wrong), TypeError);
  for (const wrong of [undefined, null, 1, -1n, 2n ** 64n]) {
    t.throws(() => raw.adopt?.(formatted, wrong, 1n), TypeError);
    t.throws(() => raw.format?.(formatted, 1, 1, true, 1n, wrong), TypeError);
  }
  const { slots } = native.describe(formatted);
  for (const wrong of [...NO_NUMBERS, -1, slots + 1]) t.throws(() => raw.walk?.(formatted, wrong, 1), TypeError);
  for (const wrong of [...NO_NUMBERS, -1, 65_537]) t.throws(() => raw.walk?.(formatted, 0, wrong), TypeError);
  for (const wrong of [...NO_NUMBERS, -1]) t.throws(() => raw.sweep?.(formatted, wrong), TypeError);
  t.equal(native.walk(formatted, slots, 10).next, slots);
  t.equal(native.walk(formatted, 0, 0).next, 0);
});

/** One record (struct record of native/xdp/arena.h). */
function record(high: bigint, low: bigint, kind: number, verb: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeBigUInt64LE(high, 0);
  bytes.writeBigUInt64LE(low, 8);
  bytes.writeUInt32LE(kind, 16);
  bytes.writeUInt32LE(verb, 20);
  bytes.writeDoubleLE(1e6, 24);
  return bytes;
}

t.test('records that are none', async (t) => {
  const all = 2n ** 64n - 1n;
  const wrong = [
    ...NO_BUFFERS,
    Buffer.alloc(31),
    Buffer.alloc(33),
    Buffer.alloc(32 * 65_537),
    Buffer.alloc(40).subarray(1, 33),
    record(all, 0n, 0x400, 1),
    record(all, 0n, 0x413, 1),
    record(all, 0n, 0x420, 1),
    record((all << 32n) & all, 1n, 0x420, 1),
    record(0n, 0n, 0x421, 1),
    record(0n, 0n, 0x4ff, 1),
    record(0n, 0n, 0x681, 1),
    record(1n, 0n, 0x63f, 1),
    record(0n, 1n, 0x67f, 1),
    record(all, all, 0x610, 1),
    record(0n, 0n, 0x000, 1),
    record(0n, 0n, 0x718, 1),
    record(0n, 0n, 0x40000 | 0x418, 1),
    record(0n, 0n, 0x418, 4),
    record(0n, 0n, 0x418, 0x80),
    record(0n, 0n, 0x418, 0x10001),
    Buffer.concat([record(0n, 0n, 0x418, 1), record(0n, 0n, 0x500, 1)]),
  ];
  for (const name of ['apply', 'find', 'allow'])
    for (const [index, bytes] of wrong.entries())
      t.throws(() => raw[name]?.(formatted, bytes), TypeError, `${name} ${index}`);
  t.equal(native.describe(formatted).held, 0);
  for (const good of [
    record((all << 32n) & all, 0n, 0x420, 1),
    record(all, all, 0x680, 0xff03),
    record(0n, 0n, 0x600, 3),
  ])
    t.equal(native.apply(formatted, good), -1);
  t.equal(native.describe(formatted).held, 3);
});
