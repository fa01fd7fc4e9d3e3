import type { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import { DropsetError } from '../../model/errors.js';
import type { Prefix } from '../../model/prefix.js';
import type { Change, Counters, Element } from '../../model/street.js';
import { Allowed } from '../allowed.js';
import type { Backend, BackendState, Disturbance } from '../backend.js';
import { Ends } from '../ends.js';
import { Held } from '../held.js';
import { refuseUnfit, unfitScope } from '../unfit.js';
import type { Step } from './messages.js';
import type { RouteOptions } from './options.js';
import { planOf, undone } from './plan.js';
import { failureOf, openingFailure, refusalOf } from './refusal.js';
import { RouteTable, type Standing } from './table.js';
import { Watch } from './watch.js';

/** Changes a batch: half a megabyte of messages, which the kernel works off in some 20 ms. */
const MOST_CHANGES = 10_000;

/** Elements that are compared at each check, and milliseconds between two where there are more: 100,000 take about a second. */
const FEW = 10_000;
const PAUSE = 600_000;

/**
 * Blackhole routes in a table of dropset's own (RTN_BLACKHOLE, man 8 ip-route), which one rule of each family has every packet ask before
 * the main table: nothing leaves to a banned address. With rp_filter, of either kind, nothing of IPv4 comes in from it either.
 *
 * The kernel knows no ends of routes: this process takes them away. What an earlier run left stands until `settle`.
 */
export class RouteBackend implements Backend {
  readonly kind = 'route';
  readonly capacity = MOST_CHANGES;
  readonly unfit = unfitScope;
  readonly #options: RouteOptions;
  readonly #clock: Clock;
  readonly #held: Held;
  readonly #ends: Ends;
  #allowed: Allowed;
  #table: RouteTable | undefined;
  #watch: Watch | undefined;
  #standing: Pick<Standing, 'blackhole' | 'throw'> = { blackhole: new Map(), throw: new Map() };
  /** What somebody else took away, as far as it was not written since. */
  #doubted = new Set<string>();
  #isSettled = false;
  #compared = Number.NEGATIVE_INFINITY;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RouteOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#held = new Held({ size: options.size, clock: this.#clock });
    this.#ends = new Ends(this.#held, this.#clock, () => this.#inTurn(() => this.#forget()));
    this.#allowed = new Allowed(options.allow);
  }

  async open(): Promise<void> {
    try {
      this.#table = RouteTable.open(this.#options.table);
      this.#standing = await this.#ours(this.#table);
      await this.#carryOut(this.#plan());
      await this.#table.rules('add');
    } catch (thrown) {
      this.#table?.close();
      this.#table = undefined;
      throw openingFailure(thrown);
    }
  }

  settle(): Promise<void> {
    this.#isSettled = true;
    return this.#inTurn(() => this.#carryOut(this.#plan()));
  }

  apply(batch: Batch): Promise<void> {
    return this.#inTurn(async () => {
      refuseUnfit(batch.changes, this);
      this.#held.admit(batch.changes);
      const now = this.#clock();
      await this.#carryOut(batch.changes.flatMap((change) => this.#stepOf(change, now)));
      for (const change of batch.changes) this.#held.enter(change);
      this.#ends.arm();
    });
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#carryOut(holesOf(this.#standing));
      this.#held.clear();
    });
  }

  allow(prefixes: readonly Prefix[]): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#allowed;
      this.#allowed = new Allowed(prefixes);
      await this.#carryOut(this.#plan()).catch((thrown) => {
        this.#allowed = before;
        throw thrown;
      });
    });
  }

  async *elements(): AsyncGenerator<Element> {
    yield* this.#held.live();
  }

  async lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]> {
    return this.#held.lookup(prefixes);
  }

  /** The kernel does not count what blackholes swallow. */
  async counters(): Promise<Counters> {
    return { elements: this.#held.count, packets: 0, bytes: 0 };
  }

  watch(disturbed: (disturbance: Disturbance) => void): void {
    this.#watch = new Watch(this.#opened, (disturbance) => {
      for (const { text } of disturbance.elements ?? []) this.#doubted.add(text);
      disturbed(disturbance);
    });
  }

  /** What the kernel has beside what it should have: all of it, since it tells all routes or none, and of many only now and then. */
  check(): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const table = this.#opened;
      const ruled = await table.ruled();
      const isDue = this.#held.count <= FEW || performance.now() >= this.#compared + PAUSE;
      if (isDue) this.#compared = performance.now();
      const steps = isDue ? planOf(await table.dump(), this.#wanted, () => this.#isSettled) : [];
      return [
        ...([4, 6] as const)
          .filter((family) => !ruled.has(family))
          .map((family) => `the rule that has IPv${family} ask table ${table.number} is missing`),
        ...sentenceOf(
          'is missing',
          table.number,
          steps.filter(({ verb }) => verb === 'add'),
        ),
        ...sentenceOf(
          'should not be there',
          table.number,
          steps.filter(({ verb }) => verb === 'remove'),
        ),
      ];
    });
  }

  repair(): Promise<void> {
    return this.#inTurn(async () => {
      this.#doubted.clear();
      this.#standing = await this.#opened.dump();
      await this.#carryOut(this.#plan());
      await this.#opened.rules('add').catch((thrown) => {
        throw failureOf(thrown);
      });
    });
  }

  state(): BackendState {
    return { routes: { table: this.#options.table } };
  }

  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    this.#ends.stop();
    this.#watch?.close();
    await this.#inTurn(async () => {
      if (!keep && this.#table) await takeAway(this.#table, this.#standing);
      this.#table?.close();
      this.#table = undefined;
    });
  }

  async detach(): Promise<string> {
    try {
      const table = RouteTable.open(this.#options.table);
      const standing = await table.dump();
      await takeAway(table, standing);
      table.close();
      return `${standing.blackhole.size} blackhole routes of table ${table.number}, and the rules that asked it, are gone`;
    } catch (thrown) {
      throw openingFailure(thrown);
    }
  }

  get #opened(): RouteTable {
    if (this.#table) return this.#table;
    throw new DropsetError('kernel', 'the routing table is not open');
  }

  get #wanted(): Parameters<typeof planOf>[1] {
    return { blackholes: prefixesOf(this.#held), allowed: this.#allowed };
  }

  #plan(): Step[] {
    return planOf(this.#standing, this.#wanted, () => this.#isSettled);
  }

  async #ours(table: RouteTable): Promise<Standing> {
    const standing = await table.dump();
    const [first] = standing.foreign;
    if (!first) return standing;
    throw new DropsetError(
      'busy',
      `routing table ${table.number} has ${standing.foreign.length} routes that are not dropset's, the first to ${first}: give [backend] route_table the number of a table that nobody uses`,
    );
  }

  #stepOf(change: Change, now: number): Step[] {
    const { prefix } = change;
    const isOver = change.verb === 'remove' || (change.until !== null && change.until <= now);
    const isWanted = !isOver && !this.#allowed.covers(prefix);
    const isDoubted = this.#doubted.delete(prefix.text);
    if (isDoubted) this.#standing.blackhole.delete(prefix.text);
    if (isWanted === this.#standing.blackhole.has(prefix.text)) return [];
    return [{ verb: isWanted ? 'add' : 'remove', kind: 'blackhole', prefix }];
  }

  /** All steps or none. @throws Refusal */
  async #carryOut(steps: readonly Step[]): Promise<void> {
    if (steps.length === 0) return;
    const table = this.#opened;
    try {
      const refused = await table.carryOut(steps);
      const names = new Set(refused.map(({ step }) => step));
      for (const step of steps) if (!names.has(step)) this.#note(step);
      if (refused.length === 0) return;
      // What was refused may be there already and ours: somebody's flush was told and not yet seen, or an answer was lost.
      this.#standing = await table.dump();
      const real = refused.filter(({ step }) => !this.#stands(step));
      const [first] = real;
      if (!first) return;
      const undo = undone(steps.filter((step) => !names.has(step)));
      await table.carryOut(undo);
      for (const step of undo) this.#note(step);
      throw refusalOf(first, table.number);
    } catch (thrown) {
      // Nobody knows what came of it: the next plan begins from what is there.
      const failure = failureOf(thrown);
      if (failure !== thrown) this.#standing = await table.dump().catch(() => this.#standing);
      throw failure;
    }
  }

  #note({ verb, kind, prefix }: Step): void {
    if (verb === 'add') this.#standing[kind].set(prefix.text, prefix);
    else this.#standing[kind].delete(prefix.text);
  }

  #stands({ verb, kind, prefix }: Step): boolean {
    return this.#standing[kind].has(prefix.text) === (verb === 'add');
  }

  async #forget(): Promise<void> {
    const ended = this.#held.takeEnded().filter(({ prefix }) => this.#standing.blackhole.has(prefix.text));
    await this.#carryOut(ended.map(({ prefix }) => ({ verb: 'remove', kind: 'blackhole', prefix })));
  }

  /** One after the other: a connection has one request at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function* prefixesOf(held: Held): Generator<Prefix> {
  for (const { prefix } of held.live()) yield prefix;
}

const holesOf = ({ blackhole }: Pick<Standing, 'blackhole'>): Step[] =>
  [...blackhole.values()].map((prefix) => ({ verb: 'remove', kind: 'blackhole', prefix }));

/** The rules first: without them the table means nothing. */
async function takeAway(table: RouteTable, standing: Pick<Standing, 'blackhole' | 'throw'>): Promise<void> {
  await table.rules('remove');
  const throws = [...standing.throw.values()];
  await table.carryOut([
    ...holesOf(standing),
    ...throws.map((prefix) => ({ verb: 'remove', kind: 'throw', prefix }) as const),
  ]);
}

function sentenceOf(what: string, table: number, steps: readonly Step[]): string[] {
  const [first] = steps;
  if (!first) return [];
  const others = steps.length > 1 ? `, and ${steps.length - 1} more` : '';
  return [`in table ${table} the ${first.kind} route to ${first.prefix} ${what}${others}`];
}
