import { setImmediate as turn } from 'node:timers/promises';
import { isBpfFs } from '../../bpf/pins.js';
import { REMOVE, Records } from '../../bpf/records.js';
import { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import { messageOf } from '../../model/errors.js';
import type { Prefix } from '../../model/prefix.js';
import type { Refusal } from '../../model/refusal.js';
import { type AddChange, type Counters, type Element, isFold } from '../../model/street.js';
import type { Backend, BackendState } from '../backend.js';
import { frameFaults } from './frame.js';
import { Generation } from './generation.js';
import { Hooks } from './hooks.js';
import { Numbers } from './numbers.js';
import { GROWTH, type XdpOptions } from './options.js';
import { Pinned } from './pinned.js';
import { allElements, countersOf, elementsOf } from './reader.js';
import { allowRefusal, fullRefusal, growthRefusal, openingFailure } from './refusal.js';
import { Sweeper } from './sweeper.js';

/** Changes a batch: stores into mapped memory on the main thread, under a millisecond. */
const MOST_CHANGES = 4096;

/** How long nobody tries to grow again after it failed: a batch is tried again in halves, and each of them would. Milliseconds. */
const NO_GROWTH = 10_000;

/** What is there while the backend is open. */
interface Open {
  generation: Generation;
  readonly pinned: Pinned;
  readonly hooks: Hooks;
  readonly sweeper: Sweeper;
  /** What an earlier version left goes on dropping until we know all that it knew. */
  takingOver: boolean;
}

/** Bans in the tables of an eBPF program on the interfaces' XDP hook: dropped before the kernel has built anything for a packet. */
export class XdpBackend implements Backend {
  readonly kind = 'xdp';
  readonly capacity = MOST_CHANGES;
  #options: XdpOptions;
  readonly #clock: Clock;
  readonly #records = new Records();
  readonly #numbers = new Numbers();
  #open: Open | undefined;
  #noGrowth: { readonly refusal: Refusal; readonly until: number } | undefined;

  constructor(options: XdpOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  async open(): Promise<void> {
    const pinned = new Pinned(this.#options.pins);
    try {
      pinned.check();
      const maps = pinned.maps();
      const adopted = maps && Generation.adopt(maps, this.#spares);
      this.#open = await this.#enter(pinned, adopted);
      if (adopted) await this.#fitOptions();
    } catch (thrown) {
      await this.close({ keep: true });
      throw openingFailure(thrown);
    }
  }

  async settle(): Promise<void> {
    const open = this.#opened();
    if (!open.takingOver) return;
    open.takingOver = false;
    open.hooks.use(open.generation.program.drop);
    this.#keep(open.generation);
    this.#options.say('info', 'what another version of dropset left was replaced, and dropped packets meanwhile');
  }

  /** What is folded goes a turn later: a packet that is being judged may have looked for the prefix before it was there. */
  async apply(batch: Batch): Promise<void> {
    const folds = batch.changes.filter(isFold);
    await this.#store(folds.length > 0 ? batch.only((change) => !isFold(change)) : batch);
    if (folds.length === 0) return;
    await turn();
    await this.#store(new Batch(folds, batch.now));
  }

  /** New tables take the place of those that there are: their size does not matter then, and their memory comes back. */
  async clear(): Promise<void> {
    const { size, elementCounters, allow } = this.#options;
    try {
      await this.#use(this.#opened().generation.emptied(Math.min(size, GROWTH.FIRST), elementCounters, allow));
    } catch (thrown) {
      throw growthRefusal(thrown);
    }
  }

  async allow(prefixes: readonly Prefix[]): Promise<void> {
    try {
      this.#opened().generation.allow(prefixes);
    } catch (thrown) {
      throw allowRefusal(thrown);
    }
    this.#options = { ...this.#options, allow: prefixes };
  }

  elements(): AsyncIterable<Element> {
    return allElements(this.#opened().generation, this.#clock);
  }

  lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]> {
    return elementsOf(this.#opened().generation, prefixes, this.#clock);
  }

  async counters(): Promise<Counters> {
    await this.#opened().sweeper.settle();
    return countersOf(this.#opened().generation);
  }

  /** Nothing while an earlier version's program is still in place: `settle` ends that. */
  async check(): Promise<readonly string[]> {
    const { takingOver, ...open } = this.#opened();
    return takingOver ? [] : frameFaults({ ...open, allow: this.#options.allow });
  }

  async repair(): Promise<void> {
    if ((await this.check()).length === 0) return;
    const { generation, hooks, pinned } = this.#opened();
    generation.allow(this.#options.allow);
    pinned.keepMaps(generation.program.maps);
    await hooks.mend();
  }

  state(): BackendState {
    const { hooks, generation } = this.#opened();
    return {
      interfaces: hooks.hooks.map(({ name, mode }) => ({ name, mode })),
      memory: generation.tables.state.bytes,
      replies: this.#spares ? 'tcp' : 'dropped',
    };
  }

  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    await open.sweeper.stop();
    await open.hooks.close({ keep });
    open.generation.close();
    if (!keep) open.pinned.removeAll();
  }

  async detach(): Promise<string> {
    const { pins } = this.#options;
    if (!isBpfFs(pins)) return `nothing was pinned: ${pins} is on no BPF file system`;
    try {
      const { links, maps } = new Pinned(pins).removeAll();
      if (links + maps === 0) return `nothing was pinned in ${pins}`;
      return `detached from ${links} ${links === 1 ? 'interface' : 'interfaces'}, and removed what was pinned in ${pins}`;
    } catch (thrown) {
      throw openingFailure(thrown);
    }
  }

  async #store({ changes, size, now }: Batch): Promise<void> {
    const records = this.#records.reset(size);
    const numbers = this.#numbers.begin();
    const { generation } = this.#opened();
    for (const change of changes) {
      if (change.verb === 'remove') records.add(change.prefix, REMOVE, 0);
      else records.add(change.prefix, numbers.verb(generation, change.scope), leftOf(change, now));
    }
    const { bytes } = records;
    while (!this.#opened().generation.tables.apply(bytes)) await this.#grow();
  }

  /** @param adopted what an earlier run left, if it is laid out as this version has it. */
  async #enter(pinned: Pinned, adopted: Generation | undefined): Promise<Open> {
    const { size, elementCounters } = this.#options;
    const generation = adopted ?? Generation.create(Math.min(size, GROWTH.FIRST), elementCounters, this.#spares);
    const hooks = new Hooks(this.#options, pinned, generation.program.drop);
    const takingOver = !adopted && pinned.hasLinks();
    try {
      generation.allow(this.#options.allow);
      if (!adopted && !takingOver) pinned.keepMaps(generation.program.maps);
      await hooks.open();
      if (adopted) hooks.use(generation.program.drop);
      return { generation, pinned, hooks, sweeper: new Sweeper(generation.tables), takingOver };
    } catch (thrown) {
      await hooks.close({ keep: true });
      generation.close();
      if (!pinned.hasLinks()) pinned.removeAll();
      throw thrown;
    }
  }

  /** Makes room, up to the configured size. @throws Refusal */
  async #grow(): Promise<void> {
    const { tables } = this.#opened().generation;
    const { addresses } = tables.state;
    const { size } = this.#options;
    if (addresses >= size) throw fullRefusal(tables.state);
    if (this.#noGrowth && performance.now() < this.#noGrowth.until) throw this.#noGrowth.refusal;
    const next = addresses * GROWTH.FACTOR;
    try {
      await this.#replace(next * 2 > size ? size : next);
    } catch (thrown) {
      const refusal = growthRefusal(thrown);
      this.#noGrowth = { refusal, until: performance.now() + NO_GROWTH };
      throw refusal;
    }
  }

  /** What an earlier run left may be larger than wanted, or count otherwise. */
  async #fitOptions(): Promise<void> {
    const { size, elementCounters } = this.#options;
    const { addresses, counting, held } = this.#opened().generation.tables.state;
    if (addresses <= size && (counting === 1) === elementCounters) return;
    if (held > size) {
      this.#options.say(
        'warning',
        `${held} elements stand, more than size in [backend]: there stays room for ${addresses}`,
      );
      return;
    }
    await this.#replace(Math.min(size, addresses)).catch((thrown) => {
      this.#options.say('warning', `the tables stay as an earlier run made them: ${messageOf(thrown)}`);
    });
  }

  async #replace(addresses: number): Promise<void> {
    const { elementCounters, allow } = this.#options;
    await this.#use(await this.#opened().generation.resized(addresses, elementCounters, allow));
  }

  async #use(next: Generation): Promise<void> {
    const open = this.#opened();
    const old = open.generation;
    open.generation = next;
    await open.sweeper.follow(next.tables);
    if (open.takingOver) {
      open.hooks.offer(next.program.drop);
    } else {
      open.hooks.use(next.program.drop);
      this.#keep(next);
    }
    old.close();
    const { addresses: room, bytes } = next.tables.state;
    this.#options.say(
      'info',
      `room for ${room} addresses of each family, ${Math.round(bytes / 1e6)} MB of kernel memory`,
    );
  }

  /** New tables drop all the same if they cannot be pinned: the next start then begins with those before, and the ledger. */
  #keep({ program }: Generation): void {
    try {
      this.#opened().pinned.keepMaps(program.maps);
    } catch (thrown) {
      this.#options.say('warning', `the new tables are not pinned: ${messageOf(thrown)}`);
    }
  }

  /** The program knows no connections, so that `true` spares nobody. */
  get #spares(): boolean {
    return this.#options.spareReplies === 'tcp';
  }

  #opened(): Open {
    if (!this.#open) throw new TypeError('the XDP backend is not open');
    return this.#open;
  }
}

const leftOf = ({ until }: AddChange, now: number): number => (until === null ? Number.POSITIVE_INFINITY : until - now);
