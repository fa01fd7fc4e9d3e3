import t from 'tap';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { closeDescriptor, inspect, unpin } from '../../../../src/bpf/pins.js';
import type { Maps } from '../../../../src/bpf/program.js';
import { ADD, Records } from '../../../../src/bpf/records.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { xdpNative } from '../../../../src/native.js';
import { enterNamespace } from '../../../namespace.js';
import { descriptors } from '../../../xdp.js';

enterNamespace({ bpf: true });
const p = Prefix.parse;
const ENDLESS = Number.POSITIVE_INFINITY;

function write({ tables }: Generation, ...elements: [address: string, left: number][]): boolean {
  const records = new Records().reset(elements.length);
  for (const [address, left] of elements) records.add(p(address), ADD, left);
  return tables.apply(records.bytes);
}

/** Descriptors of the same maps, as pins give them. */
function again({ program }: Generation): Maps {
  const copies = Object.entries(program.maps).map(([name, map]) => {
    const path = '/sys/fs/bpf/copy';
    xdpNative().pin(map, path);
    const copy = xdpNative().openPin(path);
    unpin(path);
    return [name, copy];
  });
  return Object.fromEntries(copies);
}

t.test('made, and let go', async (t) => {
  const before = descriptors();
  const generation = Generation.create(1024, false);
  t.match(generation.tables.state, { addresses: 1024, prefixes: 16_384, counting: 0, held: 0 });
  generation.close();
  t.equal(descriptors(), before);
});

t.test('maps that are there are gone on with, and their descriptors taken', async (t) => {
  const first = Generation.create(1024, true);
  write(first, ['192.0.2.1', ENDLESS], ['2001:db8::/48', 60_000]);
  const maps = again(first);
  first.close();
  const before = descriptors();
  const second = Generation.adopt(maps);
  t.equal(second?.tables.state.held, 2);
  t.match(second?.tables.find([p('192.0.2.1'), p('2001:db8::/48')]), [{ left: ENDLESS }, { packets: 0 }]);
  second?.close();
  t.equal(descriptors(), before - Object.keys(maps).length);
});

t.test('maps that are too small, or no such maps, are not gone on with', async (t) => {
  const small = Generation.create(1024, true);
  const large = Generation.create(4096, true);
  for (const [name, other] of [
    ['buckets6', small.program.maps.buckets6],
    ['scopes', small.program.maps.allow],
  ] as const) {
    const maps = again(large);
    closeDescriptor(maps[name]);
    xdpNative().pin(other, `/sys/fs/bpf/other-${name}`);
    const before = descriptors();
    t.equal(Generation.adopt({ ...maps, [name]: xdpNative().openPin(`/sys/fs/bpf/other-${name}`) }), undefined, name);
    t.equal(descriptors(), before - Object.keys(maps).length + 1);
  }
  small.close();
  large.close();
});

t.test('resized: the same elements, ends and allowed prefixes; totals are shared', async (t) => {
  const old = Generation.create(1024, true);
  old.allow([p('192.0.2.1')]);
  const elements = Array.from({ length: 1000 }, (_, index): [string, number] => [
    `10.0.${index >> 8}.${index & 255}`,
    ENDLESS,
  ]);
  write(old, ...elements, ['2001:db8::1', 60_000], ['198.51.100.0/24', 90_000]);
  const next = await old.resized(8192, false, [p('192.0.2.1')]);
  t.match(next.tables.state, { addresses: 8192, counting: 0, held: 1002 });
  const [six, wide] = next.tables.find([p('2001:db8::1'), p('198.51.100.0/24')]);
  t.ok((six?.left ?? 0) > 40_000 && (six?.left ?? 0) <= 61_000, `${six?.left}`);
  t.ok(Math.abs((wide?.left ?? 0) - (six?.left ?? 0) - 30_000) < 600, 'its end came with it');
  t.equal(inspect(next.program.maps.tallies).id, inspect(old.program.maps.tallies).id);
  t.not(inspect(next.program.maps.buckets4).id, inspect(old.program.maps.buckets4).id);
  old.close();
  t.equal(next.tables.find(elements.map(([address]) => p(address))).filter((found) => found).length, 1000);
  next.close();
});

t.test('resized too small: nothing is left of it', async (t) => {
  const old = Generation.create(8192, true);
  for (let block = 0; block < 8; block++)
    write(
      old,
      ...Array.from({ length: 1000 }, (_, index): [string, number] => [
        `10.${block}.${index >> 8}.${index & 255}`,
        ENDLESS,
      ]),
    );
  const before = descriptors();
  await t.rejects(old.resized(1024, true, []), { name: 'BpfError', message: /ENOSPC/ });
  t.equal(descriptors(), before);
  t.equal(old.tables.state.held, 8000);
  old.close();
});

t.test('closed while two read it, it is there until the last has done', async (t) => {
  const before = descriptors();
  const generation = Generation.create(1024, true);
  write(generation, ['192.0.2.1', ENDLESS]);
  const first = generation.hold();
  const second = generation.hold();
  generation.close();
  first();
  t.ok(generation.tables.find([p('192.0.2.1')])[0]);
  second();
  t.equal(descriptors(), before);
  t.throws(() => generation.tables.state);
});
