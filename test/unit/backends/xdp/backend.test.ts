import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { XdpBackend } from '../../../../src/backends/xdp/backend.js';
import { Pinned } from '../../../../src/backends/xdp/pinned.js';
import { closeDescriptor, inspect, openPin } from '../../../../src/bpf/pins.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { xdpNative } from '../../../../src/native.js';
import { frame } from '../../../frames.js';
import { enterNamespace } from '../../../namespace.js';
import { XDP } from '../../../tables.js';
import {
  add,
  BANNED,
  BANNED6,
  batch,
  CLEAN,
  CLEAN6,
  descriptors,
  elementsIn,
  fill,
  held,
  opened,
  optionsOf,
  PINS,
  remove,
  Wire,
} from '../../../xdp.js';

enterNamespace({ bpf: true });
const wire = await Wire.for(t);
const p = Prefix.parse;

/** Makes the pinned tables those of a version that this one does not know. */
function ageTables(): void {
  const { update, lookup, layout } = xdpNative();
  const map = openPin(`${PINS}/maps/shape`);
  const shape = lookup(map, Buffer.alloc(4), layout.shape as number) as Buffer;
  shape.writeUInt32LE(99, layout['shape.version'] as number);
  update(map, Buffer.alloc(4), shape);
  closeDescriptor(map);
}

/** Runs something with little more address space than there is taken now. */
async function withLittleMemory(work: () => Promise<void>): Promise<void> {
  const taken = Number(/^VmSize:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  const limit = (soft: string): unknown =>
    execFileSync('prlimit', ['--pid', `${process.pid}`, `--as=${soft}:unlimited`]);
  limit(`${taken + 6_000_000}`);
  await work().finally(() => limit('unlimited'));
}

t.test('drops who is banned, and counts each packet, in total and of each element', async (t) => {
  const { backend } = await opened(t);
  t.equal(await wire.send(BANNED, 5), 5);
  const until = Date.now() + 600_000;
  await backend.apply(batch(add(BANNED, until), add('2001:db8:1::66/128', until), add('203.0.113.0/24')));
  t.same([await wire.send(BANNED, 70), await wire.send(BANNED6, 5)], [0, 0]);
  t.same([await wire.send(CLEAN, 5), await wire.send(CLEAN6, 5)], [5, 5]);
  const found = await backend.lookup([p(BANNED), p(BANNED6), p(CLEAN), p('203.0.113.0/24')]);
  t.match(found, [{ packets: 70, bytes: 70 * 47 }, { packets: 5 }, undefined, { packets: 0, bytes: 0, until: null }]);
  t.ok(Math.abs((found[0]?.until ?? 0) - until) < 1000);
  t.match(await backend.counters(), { elements: 3, packets: 75 });
  t.match(backend.state(), { interfaces: [{ name: 'in0', mode: 'native' }] });
  await backend.apply(batch(remove(BANNED)));
  t.equal(await wire.send(BANNED, 5), 5);
});

t.test('an allowed address inside a banned prefix passes', async (t) => {
  const { backend } = await opened(t, { allow: [p(CLEAN), p(CLEAN6)] });
  await backend.apply(batch(add('198.51.100.0/24'), add('2001:db8:1::/64')));
  t.same([await wire.send(BANNED), await wire.send(BANNED6)], [0, 0]);
  t.same([await wire.send(CLEAN), await wire.send(CLEAN6)], [1, 1]);
});

t.test(
  'closed and kept it goes on; the next one has elements, ends, counts and totals, and nothing gets through',
  async (t) => {
    const before = descriptors();
    const first = await opened(t);
    const until = Date.now() + 600_000;
    await first.backend.apply(batch(add(BANNED, until), add('2001:db8::/48')));
    await wire.send(BANNED, 70);
    await first.backend.close({ keep: true });
    t.equal(descriptors(), before);
    t.equal(await wire.send(BANNED, 7), 0);
    const { sent, arrived } = await wire.while(BANNED, async () => {
      for (let times = 0; times < 3; times++) await (await opened(t)).backend.close({ keep: true });
    });
    t.equal(arrived, 0);
    t.ok(sent > 200, `of ${sent}`);
    const { backend, said } = await opened(t);
    t.same(said, []);
    t.same(await held(backend), [BANNED, '2001:db8::/48']);
    const [element] = await backend.lookup([p(BANNED)]);
    t.equal(element?.packets, 77 + sent);
    t.equal((await backend.counters()).packets, 77 + sent);
    t.ok(Math.abs((element?.until ?? 0) - until) < 1000);
  },
);

t.test('closed and not kept it leaves nothing', async (t) => {
  const before = descriptors();
  const { backend } = await opened(t);
  await backend.apply(batch(add(BANNED)));
  await backend.close({ keep: false });
  t.notOk(existsSync(PINS));
  t.equal(await wire.send(BANNED), 1);
  t.equal(descriptors(), before);
  await backend.close({ keep: false });
});

t.test('grows while packets flow: not one gets through, and nothing is lost', async (t) => {
  const before = descriptors();
  const { backend, said } = await opened(t, { size: 140_000, allow: [p(CLEAN)] });
  const until = Date.now() + 600_000;
  await backend.apply(batch(add(BANNED, until), add(BANNED6), add('198.51.100.0/25'), add('2001:db8:2::/48')));
  await wire.send(BANNED6, 5);
  const { sent, arrived } = await wire.while(BANNED, () => fill(backend, 120_000));
  t.equal(arrived, 0);
  t.ok(sent > 200, `of ${sent}`);
  t.equal(await wire.send(CLEAN), 1, 'still allowed');
  t.same(
    said.slice(1).map((sentence) => sentence.replace(/, \d+ MB/, '')),
    ['info room for 140000 addresses of each family of kernel memory'],
  );
  t.match(await backend.counters(), { elements: 120_004, packets: sent + 5 });
  const [one, six, wide] = await backend.lookup([p(BANNED), p(BANNED6), p('198.51.100.0/25')]);
  t.ok(Math.abs((one?.until ?? 0) - until) < 1000);
  t.match([six, wide], [{ packets: 5, until: null }, { packets: 0 }]);
  t.comment(`${one?.packets} of ${sent}`);
  t.ok((one?.packets ?? 0) > sent / 2 && (one?.packets ?? 0) <= sent, `${one?.packets} of ${sent}`);
  await backend.close({ keep: true });
  const again = await opened(t, { size: 140_000 });
  t.match(await again.backend.counters(), { elements: 120_004, packets: sent + 5 });
  t.equal((await elementsIn(again.backend)).length, 120_004);
  await again.backend.close({ keep: false });
  t.equal(descriptors(), before);
});

t.test('who reads while it grows is not disturbed', async (t) => {
  const { backend } = await opened(t, { size: 262_144 });
  await fill(backend, 65_536);
  const listing = elementsIn(backend);
  const asked = Array.from({ length: 20_000 }, (_, index) => p(`10.0.${index >> 8}.${index & 255}`));
  const looking = backend.lookup(asked);
  const counting = backend.counters();
  const growing = fill(backend, 10, 65_536);
  const during = Promise.all([backend.lookup(asked), backend.counters(), elementsIn(backend)]);
  t.equal((await listing).length, 65_536);
  t.ok((await looking).every((element) => element !== undefined));
  t.ok((await counting).elements);
  await growing;
  await during;
  t.equal((await elementsIn(backend)).length, 65_546);
});

t.test('without memory for larger tables, what has no room is refused, soon, and the rest goes on', async (t) => {
  const { backend } = await opened(t, { size: 262_144 });
  await fill(backend, 65_536);
  await withLittleMemory(async () => {
    await t.rejects(fill(backend, 10, 65_536), {
      name: 'Refusal',
      fault: 'element',
      message: /the set is full, and the kernel has no memory for a larger one .*ENOMEM.*lower size/,
    });
    const begun = performance.now();
    for (let times = 0; times < 100; times++) await t.rejects(fill(backend, 1, 65_536));
    t.ok(performance.now() - begun < 2000, 'a batch in halves does not try to grow each time');
    await backend.apply(batch(remove('10.0.0.1'), add(BANNED)));
    t.equal(await wire.send(BANNED), 0);
  });
  t.equal((await backend.counters()).elements, 65_536);
});

t.test('a table of prefixes that is full grows with the others, up to the size', async (t) => {
  const prefixes = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => add(`10.${(from + index) >> 8}.${(from + index) & 255}.0/24`));
  const { backend } = await opened(t, { size: 65_536 });
  for (let from = 0; from < 16_384; from += 4096) await backend.apply(batch(...prefixes(4096, from)));
  await t.rejects(backend.apply(batch(...prefixes(1, 16_384))), {
    message:
      'the set is full: it holds 65536 addresses and 16384 prefixes of each family; raise size in [backend] and restart',
  });
  await backend.apply(batch(add(BANNED), ...prefixes(1)));
  t.equal(await wire.send(BANNED), 0);
  await backend.close({ keep: true });
  const larger = await opened(t, { size: 262_144 });
  for (let from = 16_384; from < 28_672; from += 4096) await larger.backend.apply(batch(...prefixes(4096, from)));
  t.match(larger.said, [/room for 262144 addresses/]);
  await larger.backend.close({ keep: true });
  const smaller = await opened(t, { size: 65_536 });
  t.match(smaller.said, [/^warning the tables stay as an earlier run made them: .*ENOSPC/]);
  t.equal((await smaller.backend.counters()).elements, 28_673);
  t.equal(await wire.send(BANNED), 0);
});

t.test('a smaller size than what is pinned', async (t) => {
  const first = await opened(t, { size: 65_536 });
  await fill(first.backend, 2000);
  await first.backend.apply(batch(add(BANNED)));
  await first.backend.close({ keep: true });
  const kept = await opened(t, { size: 1024 });
  t.same(kept.said, ['warning 2001 elements stand, more than size in [backend]: there stays room for 65536']);
  await kept.backend.apply(batch(add('192.0.2.1')));
  await kept.backend.close({ keep: true });
  const { sent, arrived } = await wire.while(BANNED, async () => {
    const fits = await opened(t, { size: 4096 });
    t.match(fits.said, [/room for 4096 addresses/]);
    t.equal((await elementsIn(fits.backend)).length, 2002);
    await fits.backend.close({ keep: true });
  });
  t.equal(arrived, 0, `of ${sent}`);
  await opened(t, { size: 4096 });
});

t.test('counting element by element, or not any more', async (t) => {
  for (const elementCounters of [true, false, true]) {
    const { backend } = await opened(t, { elementCounters });
    await backend.apply(batch(add(BANNED)));
    t.equal(await wire.send(BANNED, 3), 0);
    const [element] = await backend.lookup([p(BANNED)]);
    t.equal(element?.packets !== undefined, elementCounters);
    await backend.close({ keep: true });
  }
  const { backend } = await opened(t);
  t.equal((await backend.counters()).packets, 9, 'totals go on');
});

t.test('what another version left drops until all is known, then goes in one moment', async (t) => {
  const first = await opened(t);
  await first.backend.apply(batch(add(BANNED), add(BANNED6)));
  await first.backend.close({ keep: true });
  ageTables();
  const options = optionsOf();
  const backend = new XdpBackend(options);
  const { sent, arrived } = await wire.while(BANNED, async () => {
    await backend.open();
    await sleep(50);
    await backend.apply(batch(add(BANNED)));
    await sleep(50);
    await backend.settle();
    await backend.settle();
  });
  t.equal(arrived, 0);
  t.ok(sent > 100);
  t.same(options.said, ['info what another version of dropset left was replaced, and dropped packets meanwhile']);
  t.equal(await wire.send(BANNED6), 1, 'who was not banned any more');
  await backend.close({ keep: true });
  const next = await opened(t);
  t.same(await held(next.backend), [BANNED]);
});

t.test('taken over and grown before all is known', async (t) => {
  const first = await opened(t);
  await first.backend.apply(batch(add(BANNED)));
  await first.backend.close({ keep: true });
  ageTables();
  const { backend } = await opened(t, { size: 262_144 });
  const { sent, arrived } = await wire.while(BANNED, async () => {
    await fill(backend, 70_000);
    await backend.apply(batch(add(BANNED)));
    await backend.settle();
    await backend.close({ keep: true });
  });
  t.equal(arrived, 0, `of ${sent}`);
  const next = await opened(t, { size: 262_144 });
  t.equal((await next.backend.counters()).elements, 70_001);
});

t.test('a takeover that is broken off leaves what was there dropping, for the next', async (t) => {
  const first = await opened(t);
  await first.backend.apply(batch(add(BANNED)));
  await first.backend.close({ keep: true });
  ageTables();
  await (await opened(t)).backend.close({ keep: true });
  t.equal(await wire.send(BANNED), 0);
  const { backend, said } = await opened(t);
  await backend.settle();
  t.match(said, [/another version/]);
});

t.test('pinned tables of another size than they say are replaced', async (t) => {
  const first = await opened(t, { size: 1024 });
  await first.backend.apply(batch(add(BANNED)));
  await first.backend.close({ keep: true });
  const { load, pin, plan } = xdpNative();
  const { maps, ...programs } = load(
    new URL('../../../../build/Release/drop.bpf.o', import.meta.url).pathname,
    { ...plan(1024, 16_384, true), buckets4: 2 },
    {},
    true,
    'dropset',
  );
  execFileSync('rm', [`${PINS}/maps/buckets4`]);
  pin(maps.buckets4 as number, `${PINS}/maps/buckets4`);
  for (const descriptor of [...Object.values(maps), ...Object.values(programs)]) closeDescriptor(descriptor as number);
  const { backend, said } = await opened(t, { size: 1024 });
  t.equal(await wire.send(BANNED), 0, 'until all is known');
  await backend.settle();
  t.match(said, [/another version/]);
  const map = openPin(`${PINS}/maps/buckets4`);
  t.ok((inspect(map).entries ?? 0) > 2);
  closeDescriptor(map);
});

t.test('detach takes away what a stopped one left, and says what', async (t) => {
  const options = optionsOf();
  t.equal(await new XdpBackend(options).detach(), `nothing was pinned in ${PINS}`);
  t.match(await new XdpBackend({ ...options, pins: '/tmp/pins' }).detach(), /\/tmp\/pins is on no BPF file system/);
  const { backend } = await opened(t);
  await backend.apply(batch(add(BANNED)));
  await backend.close({ keep: true });
  const before = descriptors();
  t.equal(await new XdpBackend(options).detach(), `detached from 1 interface, and removed what was pinned in ${PINS}`);
  t.equal(descriptors(), before);
  t.notOk(existsSync(PINS));
  t.equal(await wire.send(BANNED), 1);
});

t.test('before it is open', async (t) => {
  t.throws(() => new XdpBackend(optionsOf()).state(), /not open/);
});

t.test('with spare_replies = "tcp" the program that spares what opens no connection is on the interface', async (t) => {
  const attached = (): number => {
    const [pinned] = new Pinned(PINS).links();
    const program = xdpNative().programById(inspect(pinned?.link as number).program ?? 0);
    const { bytes } = frame(`a TCP segment to port 40000 from ${BANNED} with flags ACK`);
    const { verdict } = xdpNative().testRun(program, bytes, 1);
    for (const descriptor of [program, pinned?.link as number]) closeDescriptor(descriptor);
    return verdict;
  };
  for (const [spareReplies, replies, verdict] of [
    ['tcp', 'tcp', XDP.PASS],
    [true, 'dropped', XDP.DROP],
    ['tcp', 'tcp', XDP.PASS],
  ] as const) {
    const { backend } = await opened(t, { spareReplies });
    await backend.clear();
    await backend.apply(batch(add(BANNED)));
    t.equal(backend.state().replies, replies);
    t.equal(attached(), verdict, `${spareReplies}, also after what an earlier run left`);
    await backend.close({ keep: true });
  }
});
