import fc from 'fast-check';
import t, { type Test } from 'tap';
import { ADD, OBSERVE, REMOVE, Records } from '../../src/bpf/records.js';
import { Tables } from '../../src/bpf/tables.js';
import { Prefix } from '../../src/model/prefix.js';
import { crowd, shapeOf } from '../homes.js';
import { Loaded } from '../tables.js';

/** As in property.ts; the tables are the kernel's, and so an input is no bytes. */
const SECONDS = Number(process.env.DROPSET_FUZZ_SECONDS ?? 4);
const SEED = Number(process.env.DROPSET_FUZZ_SEED ?? 1);

type Kind = 'ban' | 'observe' | 'end' | 'remove';

type Step =
  | { readonly do: 'batch'; readonly changes: readonly (readonly [number, Kind])[] }
  | { readonly do: 'sweep'; readonly slots: number }
  | { readonly do: 'adopt' };

const kinds: readonly Kind[] = ['ban', 'ban', 'ban', 'observe', 'end', 'remove', 'remove'];

/** Elements in each other's way, and prefixes around and beside them. */
const PREFIXES = [
  ...['10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/20', '10.0.1.0/24', '10.0.0.128/25', '10.0.0.4/31', '0.0.0.0/0'],
  ...['::/0', '2001:db8::/32', '2001:db8::/48', '2001:db8::/64', '2001:db8::/112', '2001:db8::100/120', '2001::/16'],
];

const ALLOWED = ['10.0.0.64/26', '2001:db8::200/119'];

const batch = (most: number) =>
  fc.record({
    do: fc.constant('batch' as const),
    changes: fc.uniqueArray(fc.tuple(fc.nat(999), fc.constantFrom(...kinds)), {
      selector: ([index]) => index,
      maxLength: most,
      size: 'max',
    }),
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: batch(3), weight: 5 },
  { arbitrary: batch(40), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('sweep' as const), slots: fc.nat(60) }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constant('sweep' as const), slots: fc.constant(100_000) }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('adopt' as const) }), weight: 1 },
);

/** What ought to stand: a plain map. Where several cover an address, allowed comes first, then banned. */
class Model {
  readonly standing = new Map<string, Kind>();

  apply(changes: readonly (readonly [string, Kind])[]): void {
    for (const [text, kind] of changes) {
      if (kind === 'ban' || kind === 'observe') this.standing.set(text, kind);
      else this.standing.delete(text);
    }
  }

  drops(address: Prefix): boolean {
    if (ALLOWED.some((text) => Prefix.parse(text).covers(address))) return false;
    return [...this.standing].some(([text, kind]) => kind === 'ban' && Prefix.parse(text).covers(address));
  }
}

const VERBS: Readonly<Record<Kind, number>> = { ban: ADD, observe: ADD | OBSERVE, end: ADD, remove: REMOVE };

/** Tables and model side by side. */
class Pair {
  readonly model = new Model();
  readonly loaded: Loaded;
  readonly #pool: readonly string[];
  #steps = 0;
  refused = 0;

  constructor(loaded: Loaded, pool: readonly string[]) {
    this.loaded = loaded;
    this.#pool = pool;
  }

  /** All gone: what was once full stays so for the next input, which only makes it harder. */
  clear(): void {
    this.loaded.unban(...this.#pool);
    this.loaded.sweep();
    this.model.standing.clear();
  }

  take(step: Step): void {
    if (step.do === 'batch') this.#batch(step.changes);
    if (step.do === 'sweep') this.loaded.tables.sweep(step.slots);
    if (step.do === 'adopt') this.#adopt();
    this.check();
  }

  #batch(changes: readonly (readonly [number, Kind])[]): void {
    const named = new Map(changes.map(([index, kind]) => [this.#pool[index % this.#pool.length] as string, kind]));
    const records = new Records().reset(named.size);
    for (const [text, kind] of named) {
      const left = kind === 'end' ? 0 : this.#steps++ % 2 ? 60_000 : Number.POSITIVE_INFINITY;
      records.add(Prefix.parse(text), VERBS[kind], left);
    }
    if (this.loaded.tables.apply(records.bytes)) this.model.apply([...named]);
    else this.refused++;
  }

  #adopt(): void {
    this.loaded.tables.close();
    this.loaded.tables = Tables.adopt(this.loaded.program);
    // Sometimes a sweep comes before the word on what is allowed.
    if (this.#steps++ % 3 > 0) this.loaded.allow(...ALLOWED);
  }

  check(): void {
    const { tables } = this.loaded;
    const found = tables.find(this.#pool.map((text) => Prefix.parse(text)));
    const walked = [...tables.walk(50)].flat().map(({ prefix }) => prefix.text);
    const standing = [...this.model.standing.keys()].sort();
    same(this.#pool.filter((_, index) => found[index]).sort(), standing, 'found');
    same(walked.sort(), standing, 'walked');
    if (tables.state.held < standing.length) throw new Error(`holds ${tables.state.held} of ${standing.length}`);
    for (const text of this.#pool) {
      const [address = ''] = text.split('/');
      const expected = this.model.drops(Prefix.parse(address));
      if (this.loaded.drops(address) !== expected) throw new Error(`${address} is${expected ? ' not' : ''} dropped`);
    }
  }
}

function same(found: readonly string[], expected: readonly string[], what: string): void {
  if (found.join() !== expected.join()) throw new Error(`${what} ${found.join()}, expected ${expected.join()}`);
}

function tryTables(t: Test, pair: Pair): void {
  const result = fc.check(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      pair.clear();
      for (const one of steps) pair.take(one);
    }),
    { seed: SEED, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: SECONDS * 1000 },
  );
  const refused = `${pair.refused} batches refused`;
  t.notOk(
    result.failed,
    `${result.numRuns} inputs of seed ${result.seed}, ${refused}: ${fc.defaultReportMessage(result) ?? 'hold'}`,
  );
  t.ok(pair.refused > 0, 'some found no room');
}

t.test('tables are a map: whatever is put, ended, removed, swept and adopted', async (t) => {
  const loaded = new Loaded(t, { addresses: 40, prefixes: 12, counting: true });
  loaded.allow(...ALLOWED);
  const shape = shapeOf(loaded);
  tryTables(t, new Pair(loaded, [...crowd(shape, 4, 3, 40), ...crowd(shape, 6, 3, 30), ...PREFIXES]));
});
