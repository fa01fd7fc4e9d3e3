/**
 * Several bans may stand behind one element: random bans, unbans, endings and restarts of three jails on few addresses, against a model
 * of a dozen lines. What the ledger's union is, what nftables holds and what XDP holds are compared with it at each step.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { Backend } from '../../src/backends/backend.js';
import { NftablesBackend } from '../../src/backends/nftables/backend.js';
import { XdpBackend } from '../../src/backends/xdp/backend.js';
import { Enforcement } from '../../src/daemon/enforcement.js';
import { Events } from '../../src/daemon/events.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { levelOf, sentenceOf } from '../../src/model/events.js';
import { Prefix } from '../../src/model/prefix.js';
import type { Verdict } from '../../src/model/street.js';
import { Writer } from '../../src/writer/writer.js';
import { kernelElements } from '../faults/faulty.js';
import { ip } from '../interfaces.js';
import { enterNamespace } from '../namespace.js';
import { optionsOf } from '../xdp.js';

enterNamespace({ bpf: true });
ip('link add in0 type veth peer name out0');
const folder = mkdtempSync(join(tmpdir(), 'dropset-owners-'));
t.teardown(() => rmSync(folder, { recursive: true }));

const ADDRESSES = ['192.0.2.1', '192.0.2.2', '198.51.100.0/24', '2001:db8::1', '2001:db8:1::/48'];
/** Lifted in the ledger alone by a process that is killed then. */
const HALF_DONE = ADDRESSES.slice(0, 2);
const JAILS = ['sshd', 'web', 'manual'];
/** A step of the clock, and the ends of bans from now: far enough apart that the kernel's own time does not matter. */
const HOUR = 3_600_000;

type Step =
  | { readonly kind: 'ban'; readonly address: string; readonly jail: string; readonly hours: number | null }
  | { readonly kind: 'unban'; readonly address: string; readonly jail: string | undefined }
  | { readonly kind: 'later'; readonly hours: number }
  | { readonly kind: 'expire' }
  | { readonly kind: 'restart'; readonly isKilled: boolean };

const address = fc.constantFrom(...ADDRESSES);
const jail = fc.constantFrom(...JAILS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('ban' as const), address, jail, hours: fc.constantFrom(null, 1, 2, 5) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('unban' as const), address, jail: fc.option(jail, { nil: undefined }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('later' as const), hours: fc.constantFrom(1, 2, 4) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'expire' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), isKilled: fc.boolean() }) },
);

/** Who has banned whom until when. */
class Model {
  now = 1_800_000_000_000;
  readonly bans = new Map<string, number | null>();

  do(step: Step): void {
    if (step.kind === 'ban')
      this.bans.set(`${step.address} ${step.jail}`, step.hours === null ? null : this.now + step.hours * HOUR);
    if (step.kind === 'unban') this.#lift(step.address, step.jail ? [step.jail] : JAILS);
    // Ten minutes beside the full hour, so that no end is in the moment of a look.
    if (step.kind === 'later') this.now += step.hours * HOUR + 600_000;
    if (step.kind === 'restart' && step.isKilled) for (const one of HALF_DONE) this.#lift(one, JAILS);
    for (const [key, until] of this.bans) if (until !== null && until <= this.now) this.bans.delete(key);
  }

  #lift(address: string, jails: readonly string[]): void {
    for (const jail of jails) this.bans.delete(`${address} ${jail}`);
  }

  /** By address: when the longest of its bans ends. */
  get union(): Record<string, number | null> {
    const union: Record<string, number | null> = {};
    for (const [key, until] of [...this.bans].sort()) {
      const [address] = key.split(' ') as [string];
      const before = union[address];
      union[address] = before === null || until === null ? null : Math.max(before ?? 0, until);
    }
    return union;
  }
}

type Make = (clock: () => number) => Backend;

const BACKENDS: Readonly<Record<string, Make>> = {
  nftables: (clock) =>
    new NftablesBackend({
      ...{ table: 'dropset', hook: 'prerouting', priority: -300, elementCounters: true, size: 65_536, allow: [] },
      clock,
    }),
  xdp: (clock) => new XdpBackend({ ...optionsOf(), clock }),
};

let run = 0;

/** Ledger, writer and backend on a clock of the model's. */
class Street {
  readonly #path: string;
  readonly #clock: () => number;
  readonly #make: Make;
  #ledger!: Ledger;
  #enforcement!: Enforcement;
  backend!: Backend;

  constructor(make: Make, clock: () => number) {
    const state = join(folder, String(run++));
    mkdirSync(state);
    this.#path = join(state, 'ledger.db');
    this.#clock = clock;
    this.#make = make;
  }

  async start(): Promise<void> {
    this.backend = this.#make(this.#clock);
    await this.backend.open();
    this.#ledger = Ledger.open(this.#path, { clock: this.#clock });
    const events = new Events(this.#clock);
    events.listen({ hear: (event) => levelOf(event) === 'info' || t.fail(sentenceOf(event)) });
    const options = { events, until: () => undefined };
    this.#enforcement = new Enforcement(this.#ledger, new Writer(this.backend, this.#clock), options);
    await this.#enforcement.restore();
    await this.backend.settle();
  }

  async stop(keep: boolean): Promise<void> {
    this.#enforcement.checkpoint();
    await this.backend.close({ keep });
    this.#ledger.close();
  }

  /** A process that is killed between ledger and kernel leaves this; the next start has to make it good. */
  #halfDone(verdict: Verdict): void {
    this.#ledger.record([verdict]);
  }

  async do(step: Step): Promise<void> {
    if (step.kind === 'ban' || step.kind === 'unban') await this.#enforcement.enforce([verdictOf(step, this.#clock())]);
    if (step.kind === 'expire') await this.#enforcement.expire();
    // The kernel's clock is not the model's: after a jump the service writes all elements again.
    if (step.kind === 'later') {
      while (await this.#enforcement.expire());
      await this.#enforcement.restore();
    }
    if (step.kind === 'restart') {
      if (step.isKilled) for (const one of HALF_DONE) this.#halfDone({ kind: 'unban', prefix: Prefix.parse(one) });
      await this.stop(true);
      await this.start();
    }
  }

  /** By address: the end. */
  async held(): Promise<Record<string, number | null>> {
    const held: [string, number | null][] = [];
    for await (const { prefix, until } of this.backend.elements()) held.push([prefix.text, until]);
    return Object.fromEntries(held.sort());
  }

  union(): Record<string, number | null> {
    const changes = [...this.#ledger.elements()].flat();
    return Object.fromEntries(
      changes.map((change) => [change.prefix.text, change.verb === 'add' ? change.until : -1] as const),
    );
  }
}

function verdictOf(step: Extract<Step, { kind: 'ban' | 'unban' }>, now: number): Verdict {
  const prefix = Prefix.parse(step.address);
  if (step.kind === 'unban') return { kind: 'unban', prefix, ...(step.jail && { jail: step.jail }) };
  const until = step.hours === null ? null : now + step.hours * HOUR;
  return { kind: 'ban', ban: { prefix, jail: step.jail, reason: '', since: now, until } };
}

/** The kernel counts in ticks, and its time goes on while the model's stands. Ends that differ at all differ by ten minutes. */
const TOLERANCE = 60_000;

function differs(found: Record<string, number | null>, expected: Record<string, number | null>): boolean {
  const names = Object.keys(expected);
  return (
    names.length !== Object.keys(found).length ||
    names.some((name) => {
      const [one, other] = [found[name], expected[name]] as [number | null | undefined, number | null];
      if (one === undefined || one === null || other === null) return one !== other;
      return Math.abs(one - other) > TOLERANCE;
    })
  );
}

async function compare(step: Step, model: Model, street: Street): Promise<void> {
  const expected = model.union;
  const [ledger, kernel] = [street.union(), await street.held()];
  if (differs(ledger, expected) || differs(kernel, expected))
    throw new Error(`${JSON.stringify(step)}: ${JSON.stringify({ expected, ledger, kernel })}`);
}

/** Also as nft has it, in the end. */
function compareWithNft(model: Model): void {
  const [seen, expected] = [kernelElements(), Object.keys(model.union)];
  if (expected.length !== seen.size || expected.some((one) => !seen.has(one)))
    throw new Error(`nft: ${JSON.stringify({ expected, seen: [...seen] })}`);
}

async function play(steps: readonly Step[], name: string): Promise<void> {
  const model = new Model();
  const street = new Street(BACKENDS[name] as Make, () => model.now);
  await street.start();
  try {
    for (const step of steps) {
      model.do(step);
      await street.do(step);
      await compare(step, model, street);
    }
    if (name === 'nftables') compareWithNft(model);
  } finally {
    await street.stop(false);
  }
}

const RUNS = 6;
const SEED = Number(process.env.DROPSET_FUZZ_SEED ?? 1);

for (const name of Object.keys(BACKENDS)) {
  t.test(`${name}: an element lives until the longest of its bans ends (seed ${SEED})`, async (t) => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => play(steps, name));
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
    t.pass(`${RUNS} sequences`);
  });
}
