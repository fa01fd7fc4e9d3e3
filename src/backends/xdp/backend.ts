import { isBpfFs } from '../../bpf/pins.js';
import type { Maps } from '../../bpf/program.js';
import { ADD, REMOVE, Records } from '../../bpf/records.js';
import { readTallies, sum } from '../../bpf/tallies.js';
import type { Batch } from '../../model/batch.js';
import { type Clock, systemClock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';
import type { Counters, Element } from '../../model/street.js';
import type { Backend, BackendState } from '../backend.js';
import { Generation } from './generation.js';
import { Hooks } from './hooks.js';
import { GROWTH, type XdpOptions } from './options.js';
import { Pinned } from './pinned.js';
import { allElements, elementsOf } from './reader.js';
import { fullRefusal, growthRefusal, openingFailure } from './refusal.js';
import { Sweeper } from './sweeper.js';

/** Changes a batch: stores into mapped memory on the main thread, under a millisecond. */
const MOST_CHANGES = 4096;

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
  readonly #options: XdpOptions;
  readonly #clock: Clock;
  readonly #records = new Records();
  #open: Open | undefined;

  constructor(options: XdpOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  async open(): Promise<void> {
    const pinned = new Pinned(this.#options.pins);
    try {
      pinned.check();
      const maps = pinned.maps();
      this.#open = await this.#enter(pinned, maps);
      if (maps) await this.#fitOptions();
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
    open.pinned.keepMaps(open.generation.program.maps);
    this.#options.say('info', 'what another version of dropset left was replaced, and dropped packets meanwhile');
  }

  async apply(batch: Batch): Promise<void> {
    const records = this.#records.reset(batch.size);
    for (const change of batch.changes) {
      if (change.verb === 'remove') records.add(change.prefix, REMOVE, 0);
      else records.add(change.prefix, ADD, change.until === null ? Number.POSITIVE_INFINITY : change.until - batch.now);
    }
    const { bytes } = records;
    while (!this.#opened().generation.tables.apply(bytes)) await this.#grow();
  }

  elements(): AsyncIterable<Element> {
    return allElements(this.#opened().generation, this.#clock, this.#options.elementCounters);
  }

  lookup(prefixes: readonly Prefix[]): Promise<readonly (Element | undefined)[]> {
    return elementsOf(this.#opened().generation, prefixes, this.#clock, this.#options.elementCounters);
  }

  async counters(): Promise<Counters> {
    const { generation, sweeper } = this.#opened();
    await sweeper.settle();
    const { banned } = readTallies(generation.program.maps).verdicts;
    return { elements: generation.tables.state.held, ...sum([banned]) };
  }

  state(): BackendState {
    const { hooks, generation } = this.#opened();
    return {
      interfaces: hooks.hooks.map(({ name, mode }) => ({ name, mode })),
      memory: generation.tables.state.bytes,
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
    const interfaces = new Pinned(pins).removeAll();
    return interfaces === 0
      ? `nothing was pinned in ${pins}`
      : `detached from ${interfaces} interfaces, and removed ${pins}`;
  }

  /** @param maps what an earlier run left, if it is laid out as this version has it. */
  async #enter(pinned: Pinned, maps: Maps | undefined): Promise<Open> {
    const { size, elementCounters } = this.#options;
    const generation = maps ? Generation.adopt(maps) : Generation.create(Math.min(size, GROWTH.FIRST), elementCounters);
    const hooks = new Hooks(this.#options, pinned, generation.program.drop);
    const takingOver = !maps && pinned.hasLinks();
    try {
      generation.allow(this.#options.allow);
      if (!maps && !takingOver) pinned.keepMaps(generation.program.maps);
      await hooks.open();
      if (maps) hooks.use(generation.program.drop);
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
    const next = addresses * GROWTH.FACTOR;
    await this.#replace(next * 2 > size ? size : next).catch((thrown) => {
      throw growthRefusal(thrown);
    });
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
    } else {
      await this.#replace(Math.min(size, addresses));
    }
  }

  async #replace(addresses: number): Promise<void> {
    const open = this.#opened();
    const old = open.generation;
    const next = await old.resized(addresses, this.#options.elementCounters);
    next.tables.allow(this.#options.allow);
    open.generation = next;
    await open.sweeper.follow(next.tables);
    if (!open.takingOver) {
      open.hooks.use(next.program.drop);
      open.pinned.keepMaps(next.program.maps);
    }
    old.close();
    const { addresses: room, bytes } = next.tables.state;
    this.#options.say(
      'info',
      `room for ${room} addresses of each family, ${Math.round(bytes / 1e6)} MB of kernel memory`,
    );
  }

  #opened(): Open {
    if (!this.#open) throw new TypeError('the XDP backend is not open');
    return this.#open;
  }
}
