import type { Prefix } from '../model/prefix.js';
import type { Arena, ArenaState } from '../native.js';
import { addon, call } from './failure.js';
import { type Program, readJiffies } from './program.js';
import { decodeFound, type Found, recordsOf } from './records.js';

export type { ArenaState as TableState };

/** How much the tables hold: addresses of each family, and prefixes of each family. */
export interface Sizes {
  readonly addresses: number;
  readonly prefixes: number;
  /** Whether packets are counted element by element. */
  readonly counting: boolean;
}

/** Entries of the maps for these sizes, as `loadProgram` takes them. */
export const planOf = ({ addresses, prefixes, counting }: Sizes): Readonly<Record<string, number>> =>
  addon().plan(addresses, prefixes, counting);

/**
 * The program's tables, mapped into this process: writing an element is a store, not a system call. One process writes; packets
 * are looked up meanwhile. No call waits for anything, so callers bound how much they ask for at once.
 */
export class Tables {
  readonly #arena: Arena;

  private constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Begins empty tables in a program's new maps. @throws BpfError */
  static create(program: Program, { addresses, prefixes, counting }: Sizes): Tables {
    const tables = new Tables(call('mapping the tables', (native) => native.openArena(program.maps)));
    const { jiffies, since } = readJiffies(program);
    call('formatting the tables', (native) =>
      native.format(tables.#arena, addresses, prefixes, counting, jiffies, since),
    );
    return tables;
  }

  /** Goes on with what the maps hold. Which prefixes are allowed has to be said again. @throws BpfError EINVAL: no tables */
  static adopt(program: Program): Tables {
    const tables = new Tables(call('mapping the tables', (native) => native.openArena(program.maps)));
    const { jiffies, since } = readJiffies(program);
    call('adopting the tables', (native) => native.adopt(tables.#arena, jiffies, since));
    return tables;
  }

  get state(): ArenaState {
    return addon().describe(this.#arena);
  }

  /** Where allowed prefixes are: there, and only there, the program asks the map `allow`. In place of what was said before. */
  allow(prefixes: readonly Prefix[]): void {
    addon().allow(this.#arena, recordsOf(prefixes));
  }

  /** Carries all records out, or none of them: false where some table is full. At most 65,536, and an element once. */
  apply(records: Buffer): boolean {
    return addon().apply(this.#arena, records) < 0;
  }

  /** In order; undefined where none stands. At most 65,536. */
  find(prefixes: readonly Prefix[]): readonly (Found | undefined)[] {
    return [...decodeFound(addon().find(this.#arena, recordsOf(prefixes)))];
  }

  /**
   * All elements, a part at a time; weakly consistent: one that a change between two parts moves to its other home may be missed or
   * come twice.
   */
  *walk(slots: number): Generator<readonly Found[]> {
    const { slots: all } = this.state;
    for (let next = 0; next < all; ) {
      const part = addon().walk(this.#arena, next, slots);
      next = part.next;
      yield [...decodeFound(part.found)].filter((found) => found !== undefined);
    }
  }

  /** Copies elements with their counts into other, empty tables, in steps of so many slots. @throws BpfError ENOSPC */
  *copyTo(other: Tables, slots: number): Generator<void> {
    const { slots: all } = this.state;
    for (let next = 0; next < all; ) {
      const from = next;
      next = call('copying elements', (native) => native.copy(this.#arena, other.#arena, from, slots));
      yield;
    }
  }

  /** Takes out what is over and clears presence cells that nobody needs, in so many slots; whether there is more to do. */
  sweep(slots: number): boolean {
    return addon().sweep(this.#arena, slots);
  }

  /** Lets the memory go. */
  close(): void {
    addon().closeArena(this.#arena);
  }
}
