import type { Test } from 'tap';
import { allowOnly } from '../src/bpf/allow.js';
import { loadProgram, type Program } from '../src/bpf/program.js';
import { ADD, byRule, OBSERVE, REMOVE, Records } from '../src/bpf/records.js';
import { Scopes } from '../src/bpf/scopes.js';
import { planOf, type Sizes, Tables } from '../src/bpf/tables.js';
import { readTallies, VERDICTS, type Verdict } from '../src/bpf/tallies.js';
import { Prefix } from '../src/model/prefix.js';
import { Scope } from '../src/model/scope.js';
import { xdpNative } from '../src/native.js';
import { frame } from './frames.js';

/** enum xdp_action of linux/bpf.h. */
export const XDP = { DROP: 1, PASS: 2 } as const;

const SMALL: Sizes = { addresses: 1000, prefixes: 1000, counting: true };

/** The program with empty tables, attached to nothing: packets are judged by BPF_PROG_TEST_RUN. */
export class Loaded {
  readonly program: Program;
  tables: Tables;

  constructor(t: Test, sizes: Sizes = SMALL, sparing = false) {
    this.program = loadProgram({ sizes: planOf(sizes), sparing });
    this.tables = Tables.create(this.program, sizes);
    t.teardown(() => {
      this.tables.close();
      this.program.close();
    });
  }

  ban(...prefixes: readonly string[]): boolean {
    return this.put(ADD, Number.POSITIVE_INFINITY, ...prefixes);
  }

  observe(...prefixes: readonly string[]): boolean {
    return this.put(ADD | OBSERVE, Number.POSITIVE_INFINITY, ...prefixes);
  }

  /** As `put`, with what a text says of packets. */
  scope(text: string, left: number, ...prefixes: readonly string[]): boolean {
    const scope = Scope.parse(text) as Scope;
    const number = Scopes.read(this.program.maps).number(scope, () => new Set());
    return this.put(ADD | byRule(number ?? 0), left, ...prefixes);
  }

  unban(...prefixes: readonly string[]): boolean {
    return this.put(REMOVE, 0, ...prefixes);
  }

  /** @param left in milliseconds. */
  put(verb: number, left: number, ...prefixes: readonly string[]): boolean {
    const records = new Records().reset(prefixes.length);
    for (const prefix of prefixes) records.add(Prefix.parse(prefix), verb, left);
    return this.tables.apply(records.bytes);
  }

  allow(...prefixes: readonly string[]): void {
    const parsed = prefixes.map((prefix) => Prefix.parse(prefix));
    allowOnly(this.program.maps, parsed);
    this.tables.allow(parsed);
  }

  sweep(): void {
    while (this.tables.sweep(65_536));
  }

  /** What becomes of a frame, by enum xdp_action. */
  run(bytes: Buffer, repeat = 1): number {
    return xdpNative().testRun(this.program.drop, bytes, repeat).verdict;
  }

  /** Whether a packet from there is dropped. */
  drops(source: string): boolean {
    return this.run(frame(`a TCP segment to port 80 from ${source}`).bytes) === XDP.DROP;
  }

  /** The program's verdict as its counters tell, which must be that frame's alone. */
  verdict(bytes: Buffer, repeat = 1): Verdict | string {
    const before = readTallies(this.program.maps).verdicts;
    const action = this.run(bytes, repeat);
    const after = readTallies(this.program.maps).verdicts;
    const [verdict, ...others] = VERDICTS.filter((name) => after[name].packets !== before[name].packets);
    if (!verdict || others.length > 0) return `${[verdict, ...others].join(' and ')} counted`;
    const packets = after[verdict].packets - before[verdict].packets;
    const counted = after[verdict].bytes - before[verdict].bytes;
    if (packets !== repeat || counted !== repeat * bytes.length)
      return `${verdict}, counted as ${packets} packets of ${counted} bytes`;
    if ((action === XDP.DROP) !== (verdict === 'banned')) return `${verdict}, but ${action}`;
    return verdict;
  }
}
