import { type Gate, isOpen, type Sight } from '../filters/sieve.js';
import { Scanner } from '../scan/scanner.js';

/** A filter's part in a switchboard. */
export interface Connection {
  /** Undefined where every line has to be looked at. */
  readonly gates: readonly Gate[] | undefined;
  /** By failregex: 1 where the line that was looked at last cannot match. */
  readonly skip: Uint8Array;
  /** Whether it is told of every line all the same, with all of `skip` set where the line has none of its triggers. */
  readonly wantsAll: boolean;
}

/** One failregex of one filter. */
interface Extension {
  readonly filter: number;
  readonly gate: Gate;
}

/**
 * Which filters have to look at a line, and with which of their expressions: told by the literals that the line contains,
 * without asking those that none of them concerns.
 */
export class Switchboard {
  readonly scanner: Scanner;
  readonly #connections: readonly Connection[];
  /** By literal: the expressions that it is a trigger of. */
  readonly #extensions: readonly (readonly Extension[])[];
  /** Expressions whose trigger says little of a line that is not ASCII. */
  readonly #foreign: readonly Extension[];
  /** Filters that look at every line. */
  readonly #always: readonly number[];
  /** By filter: the line that it was last called for. */
  readonly #called: Float64Array;
  #line = 0;
  readonly #active: number[] = [];

  /** @param literals by their numbers. */
  constructor(connections: readonly Connection[], literals: readonly string[]) {
    const all = connections.flatMap(({ gates }, filter) => (gates ?? []).map((gate): Extension => ({ filter, gate })));
    this.#connections = connections;
    this.#extensions = literals.map((_, literal) => all.filter(({ gate }) => gate.trigger.literals.includes(literal)));
    this.#foreign = all.filter(({ gate }) => gate.trigger.ignoreCase);
    this.#always = connections.flatMap(({ gates, wantsAll }, filter) => (gates && !wantsAll ? [] : [filter]));
    this.#called = new Float64Array(connections.length);
    this.scanner = new Scanner(literals, {
      stopsAt: this.#extensions.map((extensions) => extensions.length > 0),
      stopsAtForeign: this.#foreign.length > 0,
      stopsAlways: this.#always.length > 0,
    });
  }

  /** The filters that the line concerns which the scanner has stopped at; their `skip` is set. Borrowed until the next call. */
  filters(): readonly number[] {
    const { scanner } = this;
    this.#line++;
    this.#active.length = 0;
    for (let index = 0; index < scanner.count; index++) {
      for (const extension of this.#extensions[scanner.found(index)] as readonly Extension[])
        this.#call(extension, scanner);
    }
    if (!scanner.isAscii) for (const extension of this.#foreign) this.#call(extension, scanner);
    for (const filter of this.#always) this.#callAlways(filter);
    return this.#active;
  }

  #callAlways(filter: number): void {
    if (this.#called[filter] === this.#line) return;
    const { gates, skip } = this.#connections[filter] as Connection;
    if (gates) skip.fill(1);
    this.#active.push(filter);
  }

  #call({ filter, gate }: Extension, line: Sight): void {
    if (!isOpen(gate, line)) return;
    const { skip } = this.#connections[filter] as Connection;
    if (this.#called[filter] !== this.#line) {
      this.#called[filter] = this.#line;
      this.#active.push(filter);
      skip.fill(1);
    }
    skip[gate.regex] = 0;
  }
}
