import t, { type Test } from 'tap';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { allElements, elementsOf } from '../../../../src/backends/xdp/reader.js';
import { ADD, Records } from '../../../../src/bpf/records.js';
import { Prefix } from '../../../../src/model/prefix.js';
import type { Element } from '../../../../src/model/street.js';
import { xdpNative } from '../../../../src/native.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace({ bpf: true });
const p = Prefix.parse;
const NOW = 1_700_000_000_000;
const clock = (): number => NOW;

function filled(t: Test, count: number, counting = true): Generation {
  const generation = Generation.create(65_536, counting);
  t.teardown(() => generation.close());
  const records = new Records().reset(count);
  for (let index = 0; index < count; index++)
    records.add(
      p(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
      ADD,
      index % 2 ? 60_000 : Number.POSITIVE_INFINITY,
    );
  generation.tables.apply(records.bytes);
  return generation;
}

/** Has the program judge so many frames from an IPv4 address, on whatever processor this runs. */
function judge({ program }: Generation, address: string, count: number): void {
  const frame = Buffer.alloc(64);
  frame.writeUInt16BE(0x0800, 12);
  frame[14] = 0x45;
  p(address).write(frame, 26);
  xdpNative().testRun(program.drop, frame, count);
}

async function all(generation: Generation): Promise<Element[]> {
  const found: Element[] = [];
  for await (const element of allElements(generation, clock)) found.push(element);
  return found;
}

t.test('ends are told by our clock, and never by null', async (t) => {
  const [never, soon, nobody] = await elementsOf(filled(t, 2), [p('10.0.0.0'), p('10.0.0.1'), p('10.0.0.2')], clock);
  t.match(never, { prefix: p('10.0.0.0'), until: null, packets: 0, bytes: 0 });
  t.ok(Math.abs((soon?.until ?? 0) - NOW - 60_000) < 500);
  t.equal(nobody, undefined);
});

t.test('counts have what processors have not added up yet', async (t) => {
  const generation = filled(t, 3);
  for (const [count, total] of [
    [1, 1],
    [62, 63],
    [1, 64],
    [1, 65],
    [300, 365],
  ] as const) {
    judge(generation, '10.0.0.1', count);
    const [element] = await elementsOf(generation, [p('10.0.0.1')], clock);
    t.match(element, { packets: total, bytes: total * 64 });
  }
  judge(generation, '10.0.0.2', 5);
  const counts = new Map((await all(generation)).map(({ prefix, packets }) => [prefix.text, packets]));
  t.same([...counts].sort(), [
    ['10.0.0.0', 0],
    ['10.0.0.1', 365],
    ['10.0.0.2', 5],
  ]);
});

t.test('elements that are not counted have no counts', async (t) => {
  const generation = filled(t, 2, false);
  judge(generation, '10.0.0.1', 5);
  for (const element of await all(generation)) t.notOk('packets' in element || 'bytes' in element);
});

t.test('many are read part by part, and a reader that stops in the middle holds nothing back', async (t) => {
  const generation = filled(t, 60_000);
  t.equal((await all(generation)).length, 60_000);
  const asked = Array.from({ length: 60_001 }, (_, index) =>
    p(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
  );
  let turns = 0;
  const count = setInterval(() => turns++, 0);
  const found = await elementsOf(generation, asked, clock);
  clearInterval(count);
  t.ok(turns > 2, `${turns} turns`);
  t.same(
    found.map((element) => element?.prefix.text),
    [...asked.slice(0, -1).map(({ text }) => text), undefined],
  );
  const replaced = Generation.create(1024, true);
  const reading = allElements(replaced, clock);
  const record = new Records().reset(1);
  record.add(p('192.0.2.1'), ADD, 1e6);
  replaced.tables.apply(record.bytes);
  await reading.next();
  replaced.close();
  t.equal(replaced.tables.state.held, 1);
  await reading.return(undefined);
  t.throws(() => replaced.tables.state);
});
