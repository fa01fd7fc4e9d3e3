import { setImmediate } from 'node:timers/promises';
import { allowOnly } from '../../bpf/allow.js';
import { BpfError } from '../../bpf/failure.js';
import { closeDescriptor } from '../../bpf/pins.js';
import { loadProgram, type Maps, type Program } from '../../bpf/program.js';
import { Scopes } from '../../bpf/scopes.js';
import { planOf, type Sizes, Tables } from '../../bpf/tables.js';
import type { Prefix } from '../../model/prefix.js';
import { prefixesFor } from './options.js';

/** errno.h: maps that are not what the program or the tables need. */
const EINVAL = 22;

/** Slots that are copied between two looks at the event loop: half a millisecond. */
const COPIED = 8192;

/**
 * A loaded program and its tables. Tables cannot grow: larger ones are a new generation, filled beside the old one and put in
 * its place on every interface between two packets.
 */
export class Generation {
  readonly program: Program;
  readonly tables: Tables;
  readonly scopes: Scopes;
  #readers = 0;
  #left = false;

  readonly #sparing: boolean;

  private constructor(program: Program, tables: Tables, sparing: boolean) {
    this.program = program;
    this.tables = tables;
    this.scopes = Scopes.read(program.maps);
    this.#sparing = sparing;
  }

  /** An empty one for so many addresses. @param sparing as for `loadProgram`. @throws BpfError */
  static create(addresses: number, counting: boolean, sparing = false): Generation {
    return Generation.#make({ addresses, prefixes: prefixesFor(addresses), counting }, {}, sparing);
  }

  /**
   * Goes on with pinned maps of this layout, whose descriptors are taken; undefined where one is not of the kind or size that it should be.
   *
   * @throws BpfError
   */
  static adopt(maps: Maps, sparing = false): Generation | undefined {
    let program: Program | undefined;
    try {
      program = loadWith(maps, sparing);
      return new Generation(program, Tables.adopt(program), sparing);
    } catch (thrown) {
      program?.close();
      if (thrown instanceof BpfError && thrown.errno === EINVAL) return undefined;
      throw thrown;
    }
  }

  /**
   * One for another number of addresses, with the same elements and counts; what has no size of its own (totals, allowed prefixes,
   * scopes) is shared. Nobody may change this one meanwhile.
   *
   * @throws BpfError ENOSPC where the elements have no room in it.
   */
  async resized(addresses: number, counting: boolean, allowed: readonly Prefix[]): Promise<Generation> {
    const next = this.emptied(addresses, counting, allowed);
    try {
      for (const _ of this.tables.copyTo(next.tables, COPIED)) await setImmediate();
    } catch (thrown) {
      next.close();
      throw thrown;
    }
    return next;
  }

  /** As `resized`, without elements. @throws BpfError */
  emptied(addresses: number, counting: boolean, allowed: readonly Prefix[]): Generation {
    const { allow, scopes, scope_tallies, tallies } = this.program.maps;
    const next = Generation.#make(
      { addresses, prefixes: prefixesFor(addresses), counting },
      { allow, scopes, scope_tallies, tallies },
      this.#sparing,
    );
    try {
      next.tables.allow(allowed);
    } catch (thrown) {
      next.close();
      throw thrown;
    }
    return next;
  }

  /** Makes these prefixes, and no others, pass. @throws BpfError */
  allow(prefixes: readonly Prefix[]): void {
    allowOnly(this.program.maps, prefixes);
    this.tables.allow(prefixes);
  }

  /**
   * For who reads it in several turns of the event loop, while it may be replaced: what it has is let go when the last of them has called
   * what this answers, once.
   */
  hold(): () => void {
    this.#readers++;
    return () => {
      this.#readers--;
      if (this.#left) this.close();
    };
  }

  /** Lets descriptors and memory go. What is attached or pinned stays. */
  close(): void {
    this.#left = true;
    if (this.#readers > 0) return;
    this.tables.close();
    this.program.close();
  }

  static #make(sizes: Sizes, maps: Partial<Maps>, sparing: boolean): Generation {
    const program = loadProgram({ sizes: planOf(sizes), maps, sparing });
    try {
      return new Generation(program, Tables.create(program, sizes), sparing);
    } catch (thrown) {
      program.close();
      throw thrown;
    }
  }
}

function loadWith(maps: Maps, sparing: boolean): Program {
  try {
    return loadProgram({ maps, sparing });
  } finally {
    for (const map of Object.values(maps)) closeDescriptor(map);
  }
}
