/**
 * Single bans fold into a prefix and unfold again: packets of all of them, while they do; and random bans, unbans, endings, refusals and restarts
 * against a model which says who has to be dropped.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import type { Backend } from '../../src/backends/backend.js';
import { NftablesBackend } from '../../src/backends/nftables/backend.js';
import { XdpBackend } from '../../src/backends/xdp/backend.js';
import { Enforcement } from '../../src/daemon/enforcement.js';
import { Events } from '../../src/daemon/events.js';
import { packetsPassed } from '../../src/daemon/passed.js';
import { Ledger } from '../../src/ledger/ledger.js';
import type { Batch } from '../../src/model/batch.js';
import { Prefix } from '../../src/model/prefix.js';
import { Refusal } from '../../src/model/refusal.js';
import type { Verdict } from '../../src/model/street.js';
import { Writer } from '../../src/writer/writer.js';
import { Flood } from '../flood/flood.js';
import { enterNamespace } from '../namespace.js';
import { optionsOf } from '../xdp.js';

enterNamespace({ bpf: true });
const folder = mkdtempSync(join(tmpdir(), 'dropset-folding-'));
t.teardown(() => rmSync(folder, { recursive: true }));

const HOUR = 3_600_000;
const p = Prefix.parse;

type Make = (clock: () => number) => Backend;

const BACKENDS: Readonly<Record<string, Make>> = {
  nftables: (clock) =>
    new NftablesBackend({
      ...{ table: 'dropset', hook: 'prerouting', priority: -300, elementCounters: true, size: 65_536, allow: [] },
      clock,
    }),
  xdp: (clock) => new XdpBackend({ ...optionsOf(), clock }),
};

let runs = 0;

/** Ledger, writer and backend. Elements may be refused, batches are small where that is wanted, and each batch is looked at. */
class Street {
  readonly #path: string;
  readonly #clock: () => number;
  readonly #make: Make;
  readonly #capacity: number | undefined;
  #ledger!: Ledger;
  #enforcement!: Enforcement;
  backend!: Backend;
  writer!: Writer;
  refused = new Set<string>();
  /** Behind each batch. */
  look: () => Promise<void> = async () => undefined;

  constructor(make: Make, clock: () => number, capacity?: number) {
    const state = join(folder, String(runs++));
    mkdirSync(state);
    this.#path = join(state, 'ledger.db');
    this.#clock = clock;
    this.#make = make;
    this.#capacity = capacity;
  }

  async start(): Promise<void> {
    this.backend = this.#make(this.#clock);
    await this.backend.open();
    this.#ledger = Ledger.open(this.#path, { clock: this.#clock });
    const apply = async (batch: Batch): Promise<void> => {
      if (batch.changes.some(({ verb, prefix }) => verb === 'add' && this.refused.has(prefix.text)))
        throw new Refusal('element', 'no room');
      await this.backend.apply(batch);
      await this.look();
    };
    const capacity = this.#capacity ?? this.backend.capacity;
    this.writer = new Writer({ capacity, apply, clear: () => this.backend.clear() }, this.#clock, packetsPassed);
    const options = { events: new Events(this.#clock), until: () => undefined };
    this.#enforcement = new Enforcement(this.#ledger, this.writer, options);
    await this.#enforcement.restore();
    await this.backend.settle();
  }

  async stop(keep: boolean): Promise<void> {
    this.#enforcement.checkpoint();
    await this.backend.close({ keep });
    this.#ledger.close();
  }

  /** As of a process that is killed before the kernel hears of it. */
  halfDone(verdicts: readonly Verdict[]): void {
    this.#ledger.record(verdicts);
  }

  enforce(verdicts: readonly Verdict[]): Promise<unknown> {
    return this.#enforcement.enforce(verdicts);
  }

  async later(): Promise<void> {
    while (await this.#enforcement.expire());
    // The kernel's clock is not the model's: after a jump the service writes all elements again.
    await this.#enforcement.restore();
  }

  async held(): Promise<Map<string, number | null>> {
    const held = new Map<string, number | null>();
    for await (const { prefix, until } of this.backend.elements()) held.set(prefix.text, until);
    return held;
  }

  /** What the ledger says that the kernel has to hold. */
  get wanted(): readonly string[] {
    return [...this.#ledger.elements()].flat().flatMap(({ verb, prefix }) => (verb === 'add' ? [prefix.text] : []));
  }
}

const ban = (address: string, now: number, hours: number | null, jail = 'manual'): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason: '', since: now, until: hours === null ? null : now + hours * HOUR },
});
const unban = (address: string, jail?: string): Verdict => ({
  kind: 'unban',
  prefix: p(address),
  ...(jail !== undefined && { jail }),
});

/** 256 addresses, the prefix around them, and others. */
const FAMILIES = {
  IPv4: { wide: '192.0.2.0/24', singles: (index: number) => `192.0.2.${index}` },
  IPv6: { wide: '2001:db8::/56', singles: (index: number) => `2001:db8:0:${index.toString(16)}::/64` },
} as const;

const flooding = Flood.for(t);

for (const [name, make] of Object.entries(BACKENDS)) {
  for (const [family, { wide, singles }] of Object.entries(FAMILIES)) {
    t.test(`${name}, ${family}: 256 bans fold and unfold in one batch each, and no packet passes`, async (t) => {
      const flood = await flooding;
      const street = new Street(make, Date.now);
      await street.start();
      const texts = Array.from({ length: 256 }, (_, index) => singles(index));
      flood.aim(texts.map((text) => text.replace('/64', '7')));
      const before = await flood.while(() => sleep(100));
      t.ok(before.through > 0, `${before.through} of ${before.sent} pass as long as they are not banned`);
      await street.enforce(texts.map((text) => ban(text, Date.now(), 1)));
      let [folds, unfolds] = [0, 0];
      const batches = (): number => street.writer.counters.batches;
      const { sent, through } = await flood.while(async () => {
        for (let times = 0; times < 20; times++) {
          const start = batches();
          await street.enforce([ban(wide, Date.now(), 2)]);
          folds += batches() - start;
          if (times === 0) t.same([...(await street.held()).keys()], [wide]);
          const middle = batches();
          await street.enforce(times % 2 === 0 ? [unban(wide)] : [ban(wide, Date.now(), 0.5)]);
          unfolds += batches() - middle;
          if (times < 2) t.equal((await street.held()).size, 256 + (times % 2));
        }
      });
      t.ok(sent > 1000, `${sent} packets were sent`);
      t.equal(through, 0);
      t.same([folds, unfolds], [20, 40], 'to unfold is one batch for what comes back, and one for what goes');
      await street.stop(false);
    });
  }
}

const ADDRESSES = ['192.0.2.1', '192.0.2.2', '192.0.2.130', '2001:db8:0:1::/64', '2001:db8:0:2::/64'];
const WIDE = ['192.0.2.0/24', '192.0.2.0/25', '192.0.0.0/16', '2001:db8::/56', '2001:db8::/48'];
const ALL = [...ADDRESSES, ...WIDE];
const JAILS = ['sshd', 'web'];

type Ordered =
  | { readonly kind: 'ban'; readonly address: string; readonly jail: string; readonly hours: number | null }
  | { readonly kind: 'unban'; readonly address: string; readonly jail: string | undefined };
type Step =
  | { readonly kind: 'verdicts'; readonly orders: readonly Ordered[]; readonly refused: readonly string[] }
  | { readonly kind: 'later'; readonly hours: number }
  | { readonly kind: 'restart'; readonly half: readonly Ordered[] };

const order: fc.Arbitrary<Ordered> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ban' as const),
      address: fc.constantFrom(...ALL),
      jail: fc.constantFrom(...JAILS),
      hours: fc.constantFrom(null, 1, 2, 5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('unban' as const),
      address: fc.constantFrom(...ALL),
      jail: fc.option(fc.constantFrom(...JAILS), { nil: undefined }),
    }),
  },
);
const orders = fc.array(order, { minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('verdicts' as const),
      orders,
      refused: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.subarray(WIDE, { maxLength: 2 })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('later' as const), hours: fc.constantFrom(1, 2, 4) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), half: fc.oneof(fc.constant([]), orders) }),
  },
);

/** Who has banned whom until when. */
class Model {
  now = 1_800_000_000_000;
  readonly bans = new Map<string, number | null>();

  enter({ kind, address, jail, ...rest }: Ordered): void {
    const hours = 'hours' in rest ? rest.hours : null;
    if (kind === 'ban') this.bans.set(`${address} ${jail}`, hours === null ? null : this.now + hours * HOUR);
    else for (const one of jail ? [jail] : JAILS) this.bans.delete(`${address} ${one}`);
  }

  /** Ten minutes beside the full hour, so that no end is in the moment of a look. */
  pass(hours: number): void {
    this.now += hours * HOUR + 600_000;
    for (const [key, until] of this.bans) if (until !== null && until <= this.now) this.bans.delete(key);
  }

  /** Until when an address has to be dropped, as itself and as a part of others; undefined where nobody says so. */
  end(address: Prefix): number | null | undefined {
    const ends = [...this.bans].flatMap(([key, until]) =>
      p(key.split(' ')[0] as string).covers(address) ? [until ?? Number.POSITIVE_INFINITY] : [],
    );
    return ends.length === 0 ? undefined : Math.max(...ends);
  }
}

/** The kernel counts in ticks, and its time goes on while the model's stands. Ends that differ at all differ by ten minutes. */
const TOLERANCE = 60_000;

async function endsOf(street: Street): Promise<(address: Prefix) => number | undefined> {
  const held = [...(await street.held())].map(([text, until]) => [p(text), until ?? Number.POSITIVE_INFINITY] as const);
  return (address) => {
    const ends = held.flatMap(([prefix, until]) => (prefix.covers(address) ? [until] : []));
    return ends.length === 0 ? undefined : Math.max(...ends);
  };
}

const differs = (one: number | undefined, other: number | undefined): boolean =>
  one === undefined || other === undefined ? one !== other : one !== other && !(Math.abs(one - other) <= TOLERANCE);

/** Each address is dropped exactly as long as the longest ban says which covers it. */
async function compare(step: unknown, model: Model, street: Street): Promise<void> {
  const end = await endsOf(street);
  for (const address of ALL.map((text) =>
    p(text.includes(':') ? text.replace(/::.*/, '::7') : text.replace(/\/.*/, '')),
  )) {
    const [found, expected] = [end(address), model.end(address)];
    if (differs(found, expected ?? undefined))
      throw new Error(
        `${JSON.stringify(step)}: ${address}: ${found}, not ${expected}: ${JSON.stringify([...(await street.held())])}`,
      );
  }
}

async function play(steps: readonly Step[], make: Make, capacity: number): Promise<void> {
  const model = new Model();
  const street = new Street(make, () => model.now, capacity);
  await street.start();
  try {
    for (const step of steps) await move(step, model, street);
  } finally {
    await street.stop(false);
  }
}

async function move(step: Step, model: Model, street: Street): Promise<void> {
  const verdictOf = (one: Ordered): Verdict =>
    one.kind === 'ban' ? ban(one.address, model.now, one.hours, one.jail) : unban(one.address, one.jail);
  if (step.kind === 'verdicts') {
    // Who is banned before and behind is banned at each moment between, as long as the shorter of both.
    const before = new Map(ALL.map((text) => [text, model.end(p(text))]));
    street.refused = new Set(step.refused);
    for (const one of step.orders) model.enter(one);
    const lasting = ALL.filter((text) => before.get(text) !== undefined && model.end(p(text)) !== undefined);
    const isSure = step.refused.length === 0;
    street.look = async () => {
      const end = await endsOf(street);
      const gone = lasting.filter((text) => isSure && end(p(text)) === undefined);
      if (gone.length > 0) throw new Error(`${JSON.stringify(step)}: ${gone} was not dropped in between`);
    };
    await street.enforce(step.orders.map(verdictOf));
    street.look = async () => undefined;
    // What is refused leaves the ledger.
    for (const text of step.refused) for (const jail of JAILS) forget(step, model, text, jail);
    street.refused = new Set();
  } else if (step.kind === 'later') {
    model.pass(step.hours);
    await street.later();
  } else {
    street.halfDone(step.half.map(verdictOf));
    for (const one of step.half) model.enter(one);
    await street.stop(true);
    await street.start();
  }
  await compare(step, model, street);
  await exact(step, street);
}

/** A ban of a prefix that was refused, if it was the last word on that prefix and jail. */
function forget(step: Extract<Step, { kind: 'verdicts' }>, model: Model, address: string, jail: string): void {
  if (step.orders.some((one) => one.kind === 'ban' && one.address === address && one.jail === jail))
    model.bans.delete(`${address} ${jail}`);
}

/** Nothing is in the kernel that is folded. */
async function exact(step: Step, street: Street): Promise<void> {
  const [held, wanted] = [[...(await street.held()).keys()].sort(), [...street.wanted].sort()];
  if (JSON.stringify(held) !== JSON.stringify(wanted))
    throw new Error(`${JSON.stringify(step)}: ${JSON.stringify({ held, wanted })}`);
}

const RUNS = Number(process.env.DROPSET_FOLDING_RUNS ?? 12);
const SEED = Number(process.env.DROPSET_FUZZ_SEED ?? 1);

for (const [name, make] of Object.entries(BACKENDS)) {
  t.test(`${name}: who is banned is dropped, as long as the longest ban says (seed ${SEED})`, async (t) => {
    await flooding;
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      fc.constantFrom(1, 2, 1000),
      (steps, capacity) => play(steps, make, capacity),
    );
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
    t.pass(`${RUNS} sequences`);
  });
}
