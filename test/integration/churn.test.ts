/** Packets are judged while the tables change under them. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { ADD, REMOVE, Records } from '../../src/bpf/records.js';
import { readTallies } from '../../src/bpf/tallies.js';
import { Prefix } from '../../src/model/prefix.js';
import { frame } from '../frames.js';
import { living, shapeOf } from '../homes.js';
import { Random } from '../random.js';
import { Loaded } from '../tables.js';

/** A test run of several takes some 20 ms to begin. */
const REPEAT = 200_000;
const SECONDS = 2;

/** Runs frames from each address in a thread while `churn` is called, and answers how often each was run. */
async function judge(loaded: Loaded, sources: readonly string[], churn: () => void): Promise<number> {
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(resolve('test/churner.mjs'), {
    execArgv: [],
    workerData: {
      addon: resolve('build/Release/dropset_xdp.node'),
      program: loaded.program.drop,
      frames: sources.map((source) => frame(`a TCP segment to port 22 from ${source}`).bytes),
      repeat: REPEAT,
      stop,
    },
  });
  await once(worker, 'message');
  const end = performance.now() + SECONDS * 1000;
  while (performance.now() < end) churn();
  const [said, ended] = [once(worker, 'message'), once(worker, 'exit')];
  Atomics.store(new Int32Array(stop), 0, 1);
  const [rounds] = await said;
  await ended;
  return (rounds as number) * REPEAT;
}

const verdicts = (loaded: Loaded): { banned: number; clean: number } => {
  const { banned, clean } = readTallies(loaded.program.maps).verdicts;
  return { banned: banned.packets, clean: clean.packets };
};

/** Batches of few changes, written beforehand so that nothing but the tables takes time. */
function batchesOf(random: Random, texts: readonly string[], most: number): Buffer[] {
  return Array.from({ length: 3000 }, () => {
    const records = new Records().reset(most);
    for (const text of new Set(random.some(texts, most))) {
      const left = random.pick([0, 1, 60_000, Number.POSITIVE_INFINITY]);
      records.add(Prefix.parse(text), random.pick([ADD, ADD, REMOVE]), left);
    }
    return records.bytes;
  });
}

function churn({ tables }: Loaded, batches: readonly Buffer[], each: number): void {
  for (const [index, batch] of batches.entries()) {
    tables.apply(batch);
    if (index % each === 0) tables.sweep(100_000);
  }
}

const batchOf = (verb: number, text: string): Buffer => {
  const records = new Records().reset(1);
  records.add(Prefix.parse(text), verb, Number.POSITIVE_INFINITY);
  return records.bytes;
};

/** Two full buckets but for one slot: who wants into the full one sends the only element that can live in both to the other. */
async function crowded(t: Test, family: 4 | 6): Promise<void> {
  const loaded = new Loaded(t, { addresses: 40, prefixes: 40, counting: true });
  const shape = shapeOf(loaded);
  const [steady = '', never = ''] = living(shape, family, [0, 1], 2);
  const [first, second] = [living(shape, family, [0, 0], 8), living(shape, family, [1, 1], 8)];
  loaded.ban(steady, ...first.slice(1), ...second.slice(1));
  const places = new Set<number | undefined>();
  const where = (): unknown => places.add(loaded.tables.find([Prefix.parse(steady)])[0]?.slot);
  const guests = [first[0] as string, second[0] as string];
  const batches = guests.map((guest) => [batchOf(ADD, guest), batchOf(REMOVE, guest)] as const);
  const runs = await judge(loaded, [steady, never], () => {
    for (const [add, remove] of batches) {
      if (!loaded.tables.apply(add)) throw new Error('no room');
      where();
      loaded.tables.apply(remove);
    }
  });
  t.equal(places.size, 2, 'it was moved to and fro');
  t.same(verdicts(loaded), { banned: runs, clean: runs }, `${runs} packets of each`);
}

t.test('IPv4: none of a ban that stands passes, none of nobody is dropped', (t) => crowded(t, 4));
t.test('IPv6: none of a ban that stands passes, none of nobody is dropped', (t) => crowded(t, 6));

t.test('prefixes: lengths come and go', async (t) => {
  const loaded = new Loaded(t);
  loaded.ban('10.0.0.0/9', '2001:db8::/40');
  const others = [
    ...Array.from({ length: 22 }, (_, index) => `10.255.255.0/${index + 10}`),
    ...Array.from({ length: 60 }, (_, index) => `2001:db8:ff00::/${index + 41}`),
  ];
  const batches = batchesOf(new Random(3), others, 12);
  const sources = ['10.1.2.3', '10.128.0.1', '2001:db8:1::1', '2001:db8:f000::1'];
  const runs = await judge(loaded, sources, () => churn(loaded, batches, 10));
  t.same(verdicts(loaded), { banned: runs * 2, clean: runs * 2 }, `${runs} packets of each`);
});
