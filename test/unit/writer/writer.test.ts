import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Refusal } from '../../../src/model/refusal.js';
import type { Change } from '../../../src/model/street.js';
import type { Sink } from '../../../src/writer/commit.js';
import { Writer } from '../../../src/writer/writer.js';

const NOW = 1_700_000_000_000;
const address = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
const add = (index: number, until: number | null = null): Change => ({
  verb: 'add',
  prefix: Prefix.parse(address(index)),
  until,
});
const remove = (index: number): Change => ({ verb: 'remove', prefix: Prefix.parse(address(index)) });
const adds = (count: number, first = 0): Change[] => Array.from({ length: count }, (_, index) => add(first + index));

/** A kernel that answers when the test says so. */
class SlowSink implements Sink {
  readonly capacity: number;
  readonly batches: Batch[] = [];
  inFlight = 0;
  #answer: ((thrown?: unknown) => void) | undefined;

  constructor(capacity = 10_000) {
    this.capacity = capacity;
  }

  apply(batch: Batch): Promise<void> {
    this.batches.push(batch);
    this.inFlight++;
    return new Promise((resolve, reject) => {
      this.#answer = (thrown) => {
        this.inFlight--;
        if (thrown === undefined) resolve();
        else reject(thrown);
      };
    });
  }

  clear(): Promise<void> {
    return this.apply(new Batch([], 0));
  }

  /** Answers the batch in flight, and lets the writer take the next. */
  async answer(thrown?: unknown): Promise<void> {
    this.#answer?.(thrown);
    await new Promise(setImmediate);
  }

  get texts(): string[] {
    return this.batches.map(String);
  }
}

const over = (sink: Sink): Writer => new Writer(sink, () => NOW);

t.test('an idle writer sends at once: no timer stands between', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const written = writer.write([add(1, NOW + 60_000)]);
  // Nothing but promises of this turn.
  await Promise.resolve();
  t.same(sink.texts, ['add 10.0.0.1 for 1m']);
  t.equal(sink.batches[0]?.now, NOW);
  await sink.answer();
  t.strictSame(await written, [{ change: add(1, NOW + 60_000) }]);
});

t.test('a busy writer gathers, and sends all of it as one next batch', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const orders = [writer.write([add(0)])];
  for (let index = 1; index <= 100; index++) {
    orders.push(writer.write([add(index)]));
    if (index % 10 === 0) await new Promise(setImmediate);
  }
  t.equal(sink.batches.length, 1);
  await sink.answer();
  t.same(
    sink.batches.map(({ size }) => size),
    [1, 100],
  );
  t.same(
    sink.batches[1]?.changes.map(({ prefix }) => prefix.text),
    adds(100, 1).map(({ prefix }) => prefix.text),
  );
  await sink.answer();
  t.equal((await Promise.all(orders)).length, 101);
  t.equal(writer.counters.batches, 2);
});

t.test('one batch is in flight, never two', async (t) => {
  const sink = new SlowSink(2);
  const writer = over(sink);
  const all = Promise.all([writer.write(adds(5)), writer.write(adds(5, 5))]);
  for (let answered = 0; answered < 5; answered++) {
    t.equal(sink.inFlight, 1);
    t.equal(sink.batches.length, answered + 1);
    await sink.answer();
  }
  await all;
  t.equal(sink.inFlight, 0);
});

t.test('of several changes to one element the last is sent, and answers for all', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const first = writer.write([add(0)]);
  const orders = [
    writer.write([add(1), add(2)]),
    writer.write([remove(1), add(3)]),
    writer.write([add(2, NOW + 1000), remove(3), add(3, NOW + 2000)]),
  ];
  await sink.answer();
  t.equal(sink.texts[1], 'remove 10.0.0.1\nadd 10.0.0.2 for 1s\nadd 10.0.0.3 for 2s');
  await sink.answer();
  await first;
  const [one, two, three] = (await Promise.all(orders)).map((receipts) => receipts.map(({ change }) => change));
  t.strictSame(one, [remove(1), add(2, NOW + 1000)]);
  t.strictSame(two, [remove(1), add(3, NOW + 2000)]);
  t.strictSame(three, [add(2, NOW + 1000), add(3, NOW + 2000), add(3, NOW + 2000)]);
  t.match(writer.counters, { pending: 0, batches: 2, written: 8, refused: 0 });
});

t.test('a change to an element that is in flight is a change of its own, later', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const orders = [writer.write([add(1)]), writer.write([remove(1)])];
  await sink.answer();
  await sink.answer();
  t.same(sink.texts, ['add 10.0.0.1 for ever', 'remove 10.0.0.1']);
  t.strictSame(await Promise.all(orders), [[{ change: add(1) }], [{ change: remove(1) }]]);
});

t.test('a batch has as many changes as the sink can take, oldest first', async (t) => {
  const sink = new SlowSink(3);
  const writer = over(sink);
  const order = writer.write(adds(8));
  for (let batch = 0; batch < 3; batch++) await sink.answer();
  t.strictSame(
    sink.batches.map(({ changes }) => changes),
    [adds(3), adds(3, 3), adds(2, 6)],
  );
  t.same(
    (await order).map(({ change }) => change),
    adds(8),
  );
});

t.test('an order is answered when its last change is, not before', async (t) => {
  const sink = new SlowSink(2);
  const writer = over(sink);
  let answered = false;
  const order = writer.write(adds(3)).then(() => {
    answered = true;
  });
  await sink.answer();
  t.equal(answered, false);
  t.equal(writer.counters.pending, 1);
  await sink.answer();
  await order;
  t.equal(writer.counters.pending, 0);
});

t.test('writing nothing touches nothing', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  t.same(await writer.write([]), []);
  await writer.idle();
  t.equal(sink.batches.length, 0);
  t.same(writer.counters, { pending: 0, batches: 0, written: 0, refused: 0 });
});

t.test('a refused element harms neither its batch nor its order', async (t) => {
  const backend = new MemoryBackend({ size: 3, clock: () => NOW });
  const writer = over(backend);
  const [one, two] = await Promise.all([writer.write(adds(2)), writer.write(adds(3, 2))]);
  t.same(
    one?.map(({ error }) => error?.message),
    [undefined, undefined],
  );
  t.same(
    two?.map(({ error }) => error?.code),
    [undefined, 'kernel', 'kernel'],
  );
  t.match(writer.counters, { written: 3, refused: 2, pending: 0 });
  // Room again, and the writer goes on.
  t.strictSame(await writer.write([remove(0), add(9)]), [{ change: remove(0) }, { change: add(9) }]);
});

t.test('after a failure of the backend, and after a defect, the writer goes on', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  for (const thrown of [new Refusal('backend', 'the table is gone'), new RangeError('a defect')]) {
    const order = writer.write(adds(3));
    await sink.answer(thrown);
    t.ok((await order).every(({ error }) => error?.message.includes(thrown.message)));
  }
  const order = writer.write([add(7)]);
  await sink.answer();
  t.strictSame(await order, [{ change: add(7) }]);
  t.match(writer.counters, { batches: 3, written: 1, refused: 6 });
});

t.test('idle resolves when all has been answered, also what came meanwhile', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const order = writer.write([add(1)]);
  void order.then(() => writer.write([add(2)]));
  let idle = false;
  const waited = writer.idle().then(() => {
    idle = true;
  });
  await sink.answer();
  t.equal(idle, false);
  await sink.answer();
  await waited;
  t.same(sink.texts, ['add 10.0.0.1 for ever', 'add 10.0.0.2 for ever']);
});

t.test('100,000 changes in one call', async (t) => {
  const backend = new MemoryBackend({ clock: () => NOW });
  const writer = over(backend);
  const changes = adds(100_000);
  const receipts = await writer.write(changes);
  t.equal(receipts.length, 100_000);
  t.ok(receipts.every(({ change, error }, index) => change === changes[index] && !error));
  t.same(writer.counters, { pending: 0, batches: 10, written: 100_000, refused: 0 });
  t.equal((await backend.counters()).elements, 100_000);
});

t.test('10,000 callers at once are one or two batches', async (t) => {
  const backend = new MemoryBackend({ clock: () => NOW });
  const writer = over(backend);
  await Promise.all(adds(10_000).map((change) => writer.write([change])));
  t.equal((await backend.counters()).elements, 10_000);
  t.ok(writer.counters.batches <= 2, `${writer.counters.batches} batches`);
});

t.test('a clear comes behind all that was handed in before, and before all that comes', async (t) => {
  const sink = new SlowSink(2);
  const writer = over(sink);
  const before = [writer.write([add(1)]), writer.write(adds(3, 2))];
  const cleared = writer.clear();
  const after = writer.write([add(1)]);
  const again = writer.clear();
  for (let step = 0; step < 6; step++) await sink.answer();
  t.same(
    (await Promise.all([...before, after])).flat().map(({ error }) => error),
    new Array(5).fill(undefined),
  );
  t.same([await cleared, await again], [undefined, undefined]);
  const lines = [1, 2, 3, 4].map((index) => `add ${address(index)} for ever`);
  t.same(sink.texts, [lines[0], `${lines[1]}\n${lines[2]}`, lines[3], '', lines[0], '']);
  t.equal(writer.counters.pending, 0);
});

t.test('a clear that the kernel refuses says so, and the writer goes on', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const cleared = writer.clear();
  const written = writer.write([add(1)]);
  await new Promise(setImmediate);
  await sink.answer(new Refusal('backend', 'no'));
  await sink.answer();
  t.match(await cleared, { fault: 'backend' });
  t.notOk((await written)[0]?.error);
});

const fold = (index: number, into: string): Change => ({
  verb: 'remove',
  prefix: Prefix.parse(address(index)),
  foldedInto: Prefix.parse(into),
});
const wide = (text: string, until: number | null = null): Change => ({
  verb: 'add',
  prefix: Prefix.parse(text),
  until,
});

t.test('what is written apart comes behind what came before, in its order, and before what comes', async (t) => {
  const sink = new SlowSink();
  const waits: (() => void)[] = [];
  const writer = new Writer(
    sink,
    () => NOW,
    () => new Promise<void>((passed) => waits.push(passed)),
  );
  const orders = [
    writer.write([add(1)]),
    writer.write([add(2)]),
    writer.writeApart([add(3), add(4)]),
    writer.writeApart([remove(2)]),
    writer.write([add(3, NOW + 1000)]),
    writer.write([add(5)]),
  ];
  for (let batch = 0; batch < 3; batch++) await sink.answer();
  await sleep(10);
  t.equal(sink.texts.length, 3, 'packets that are being judged go on first');
  t.equal(waits.length, 1);
  waits[0]?.();
  while (sink.texts.length < 4) await sleep(5);
  for (let batch = 0; batch < 2; batch++) await sink.answer();
  t.same(sink.texts, [
    'add 10.0.0.1 for ever',
    'add 10.0.0.2 for ever',
    'add 10.0.0.3 for ever\nadd 10.0.0.4 for ever',
    'remove 10.0.0.2',
    'add 10.0.0.3 for 1s\nadd 10.0.0.5 for ever',
  ]);
  t.same(
    (await Promise.all(orders)).map((receipts) => receipts.length),
    [1, 1, 2, 1, 1, 1],
  );
  t.match(writer.counters, { pending: 0, batches: 5, written: 7, refused: 0 });
  t.same(await writer.writeApart([]), []);
});

t.test('256 that are folded go in one batch with what they are folded into', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const folds = Array.from({ length: 256 }, (_, index) => fold(index, '10.0.0.0/24'));
  const written = writer.writeApart([wide('10.0.0.0/24'), ...folds]);
  await Promise.resolve();
  t.same([sink.batches.length, sink.batches[0]?.size], [1, 257]);
  await sink.answer();
  t.equal((await written).filter(({ error }) => !error).length, 257);
  t.equal(writer.counters.batches, 1);
});

t.test('of more than one batch, what is folded into a prefix that was refused stays', async (t) => {
  const sink = new SlowSink(2);
  const writer = over(sink);
  const written = writer.writeApart([
    wide('10.0.0.0/24'),
    wide('10.0.1.0/24'),
    fold(1, '10.0.0.0/24'),
    fold(257, '10.0.1.0/24'),
    fold(2, '10.0.0.0/24'),
  ]);
  await sink.answer(new Refusal('element', 'no room'));
  await sink.answer(new Refusal('element', 'no room'));
  for (let batch = 0; batch < 4; batch++) await sink.answer();
  t.same(sink.texts.slice(1), [
    'add 10.0.0.0/24 for ever',
    'add 10.0.1.0/24 for ever',
    'remove 10.0.1.1 folded into 10.0.1.0/24',
  ]);
  t.same(
    (await written).map(({ error }) => error?.message),
    ['no room', undefined, undefined, undefined, undefined],
  );
});

t.test('emptied between what is written apart', async (t) => {
  const sink = new SlowSink();
  const writer = over(sink);
  const orders = [writer.writeApart([add(1)]), writer.clear(), writer.writeApart([add(2)]), writer.write([add(3)])];
  for (let batch = 0; batch < 4; batch++) await sink.answer();
  t.same(sink.texts, ['add 10.0.0.1 for ever', '', 'add 10.0.0.2 for ever', 'add 10.0.0.3 for ever']);
  await Promise.all(orders);
});
