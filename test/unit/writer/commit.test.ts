import t from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { type Fault, Refusal } from '../../../src/model/refusal.js';
import type { Change, Receipt } from '../../../src/model/street.js';
import { carryOut, type Sink } from '../../../src/writer/commit.js';

const NOW = 1_700_000_000_000;
const adds = (count: number): Change[] =>
  Array.from({ length: count }, (_, index) => ({
    verb: 'add',
    prefix: Prefix.parse(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
    until: null,
  }));

/** A kernel that dislikes some addresses, and counts what it was asked and what it took. */
function fussy(guilty: readonly string[]) {
  const taken: string[] = [];
  const sizes: number[] = [];
  const sink: Sink = {
    capacity: 10_000,
    clear: async () => undefined,
    async apply(batch) {
      sizes.push(batch.size);
      const texts = batch.changes.map(({ prefix }) => prefix.text);
      const bad = texts.find((text) => guilty.includes(text));
      if (bad) throw new Refusal('element', `element ${bad}: No (EINVAL)`);
      taken.push(...texts);
    },
  };
  return { sink, taken, sizes };
}

/** Throws what it is told to, call by call, and then takes everything. */
function scripted(...thrown: unknown[]) {
  const calls: Batch[] = [];
  const sink: Sink = {
    capacity: 10_000,
    clear: async () => undefined,
    async apply(batch) {
      calls.push(batch);
      if (thrown.length > 0) throw thrown.shift();
    },
  };
  return { sink, calls };
}

const refusal = (fault: Fault): Refusal => new Refusal(fault, `a ${fault} fault`);
const refused = (receipts: readonly Receipt[]): string[] =>
  receipts.filter(({ error }) => error).map(({ change }) => change.prefix.text);

t.test('a batch that is taken costs one call and has a receipt for each change, in order', async (t) => {
  const { sink, sizes } = fussy([]);
  const changes = adds(100);
  const receipts = await carryOut(new Batch(changes, NOW), sink);
  t.strictSame(
    receipts,
    changes.map((change) => ({ change })),
  );
  t.same(sizes, [100]);
});

t.test('one guilty element of 1,024 is found by halving, and everybody else goes through', async (t) => {
  for (const guilty of ['10.0.0.0', '10.0.1.77', '10.0.3.255']) {
    const { sink, taken, sizes } = fussy([guilty]);
    const changes = adds(1024);
    const receipts = await carryOut(new Batch(changes, NOW), sink);
    t.same(refused(receipts), [guilty]);
    t.equal(taken.length, 1023);
    // The whole, and two halves at each of ten levels.
    t.equal(sizes.length, 21);
    t.same(
      receipts.map(({ change }) => change),
      changes,
    );
    t.equal(receipts.find(({ error }) => error)?.error?.message, `element ${guilty}: No (EINVAL)`);
  }
});

t.test('several guilty ones are refused each with its own sentence, the order of what is taken stays', async (t) => {
  const guilty = ['10.0.0.3', '10.0.0.4', '10.0.0.99'];
  const { sink, taken } = fussy(guilty);
  const changes = adds(100);
  const receipts = await carryOut(new Batch(changes, NOW), sink);
  t.same(refused(receipts), guilty);
  t.same(
    taken,
    changes.map(({ prefix }) => prefix.text).filter((text) => !guilty.includes(text)),
  );
  for (const { change, error } of receipts) if (error) t.match(error.message, `element ${change.prefix}:`);
});

t.test('all guilty: each is refused once, in fewer than two calls an element', async (t) => {
  const changes = adds(9);
  const { sink, taken, sizes } = fussy(changes.map(({ prefix }) => prefix.text));
  t.equal(refused(await carryOut(new Batch(changes, NOW), sink)).length, 9);
  t.same(taken, []);
  t.equal(sizes.length, 17);
});

t.test('a single guilty element is not tried twice', async (t) => {
  const { sink, sizes } = fussy(['10.0.0.0']);
  t.same(refused(await carryOut(new Batch(adds(1), NOW), sink)), ['10.0.0.0']);
  t.same(sizes, [1]);
});

t.test('halves keep the time that timeouts are counted from', async (t) => {
  const { sink, calls } = scripted(refusal('element'));
  await carryOut(new Batch(adds(2), NOW), sink);
  t.same(
    calls.map(({ now }) => now),
    [NOW, NOW, NOW],
  );
});

t.test('a fault of the backend is not searched for in the elements', async (t) => {
  const { sink, calls } = scripted(refusal('backend'));
  const receipts = await carryOut(new Batch(adds(64), NOW), sink);
  t.equal(calls.length, 1);
  t.equal(refused(receipts).length, 64);
  t.ok(receipts.every(({ error }) => (error as Refusal).fault === 'backend'));
});

t.test('the backend fails in the middle of the search: what is in by then is in', async (t) => {
  // The whole, the left half is taken, the right half meets the failure.
  const { sink, calls } = scripted(refusal('element'));
  const apply = sink.apply;
  const receipts = await carryOut(new Batch(adds(4), NOW), {
    capacity: 10,
    clear: async () => undefined,
    apply: async (batch) => {
      if (calls.length === 2) throw refusal('backend');
      return apply(batch);
    },
  });
  t.same(refused(receipts), ['10.0.0.2', '10.0.0.3']);
});

t.test('what passes is tried again, whole', async (t) => {
  const { sink, calls } = scripted(refusal('passing'), refusal('passing'));
  const receipts = await carryOut(new Batch(adds(8), NOW), sink);
  t.same(refused(receipts), []);
  t.same(
    calls.map(({ size }) => size),
    [8, 8, 8],
  );
});

t.test('what does not pass is refused after eight tries, and not searched', async (t) => {
  const { sink, calls } = scripted(...Array.from({ length: 100 }, () => refusal('passing')));
  const receipts = await carryOut(new Batch(adds(8), NOW), sink);
  t.equal(refused(receipts).length, 8);
  t.equal(calls.length, 8);
  t.match(receipts[0]?.error, { fault: 'passing' });
});

t.test('a passing fault on the way to a guilty element', async (t) => {
  const { sink, calls } = scripted(refusal('passing'), refusal('element'), refusal('passing'));
  t.same(refused(await carryOut(new Batch(adds(2), NOW), sink)), []);
  t.same(
    calls.map(({ size }) => size),
    [2, 2, 1, 1, 1],
  );
});

t.test('what a backend must not throw is a refusal for all, with the cause', async (t) => {
  for (const thrown of [new TypeError('x is undefined'), 'a string', undefined]) {
    const sink: Sink = { capacity: 10, clear: async () => undefined, apply: () => Promise.reject(thrown) };
    const receipts = await carryOut(new Batch(adds(4), NOW), sink);
    t.equal(refused(receipts).length, 4);
    const { error } = receipts[0] as Receipt;
    t.match(error, { code: 'kernel', fault: 'backend', message: /^the batch was not written: / });
    t.equal(error?.cause, thrown);
  }
  // Not even a promise.
  const sink: Sink = {
    capacity: 10,
    clear: async () => undefined,
    apply() {
      throw new Error('at once');
    },
  };
  t.match((await carryOut(new Batch(adds(1), NOW), sink))[0]?.error?.message, /at once/);
});

t.test('an empty batch has no receipts', async (t) => {
  t.same(await carryOut(new Batch([], NOW), fussy([]).sink), []);
});

t.test('a full set takes what it has room for', async (t) => {
  const backend = new MemoryBackend({ size: 5, clock: () => NOW });
  const receipts = await carryOut(new Batch(adds(8), NOW), backend);
  t.same(refused(receipts), ['10.0.0.5', '10.0.0.6', '10.0.0.7']);
  t.equal((await backend.counters()).elements, 5);
});

const fold = (address: string, into: string): Change => ({
  verb: 'remove',
  prefix: Prefix.parse(address),
  foldedInto: Prefix.parse(into),
});
const wide = (text: string): Change => ({ verb: 'add', prefix: Prefix.parse(text), until: null });

t.test('what is folded into a prefix that is refused stays as it is, and that is no error', async (t) => {
  const { sink, taken } = fussy(['10.0.0.0/24']);
  const changes = [
    wide('10.0.0.0/24'),
    wide('10.0.1.0/24'),
    ...adds(3),
    fold('10.0.0.9', '10.0.0.0/24'),
    fold('10.0.1.9', '10.0.1.0/24'),
    fold('10.0.0.8', '10.0.0.0/24'),
  ];
  const known = new Set<string>();
  const receipts = await carryOut(new Batch(changes, NOW), sink, known);
  t.strictSame(
    receipts.map(({ change }) => change),
    changes,
  );
  t.same(refused(receipts), ['10.0.0.0/24']);
  t.same(taken.sort(), ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.1.0/24', '10.0.1.9']);
  t.same([...known], ['10.0.0.0/24']);
  t.same(refused(await carryOut(new Batch([fold('10.0.0.9', '10.0.0.0/24')], NOW), sink, known)), []);
  t.equal(taken.length, 5, 'nor later');
});

t.test('a backend that fails as a whole keeps what is folded too', async (t) => {
  const { sink, calls } = scripted(refusal('element'), refusal('backend'));
  const changes = [wide('10.0.0.0/24'), fold('10.0.0.9', '10.0.0.0/24')];
  t.same(refused(await carryOut(new Batch(changes, NOW), sink)), ['10.0.0.0/24']);
  t.equal(calls.length, 2);
});

t.test('what is folded may be what is refused', async (t) => {
  const { sink } = fussy(['10.0.0.9']);
  const folds = [fold('10.0.0.8', '10.0.0.0/24'), fold('10.0.0.9', '10.0.0.0/24')];
  t.same(refused(await carryOut(new Batch([wide('10.0.0.0/24'), ...folds], NOW), sink)), ['10.0.0.9']);
});
