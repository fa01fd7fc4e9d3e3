import { readFileSync } from 'node:fs';
import { call } from './failure.js';
import type { Descriptor, Maps } from './program.js';

/** `struct tally` of native/bpf/layout.h; a test compares this with what the addon says. */
export const TALLY = { SIZE: 152, VERDICTS: 0, SLOT: 128, TAG: 132, PACKETS: 136, BYTES: 144 } as const;

/** `struct count`. */
const COUNT_SIZE = 16;

/** `enum verdict`, in its order. */
export const VERDICTS = ['clean', 'banned', 'observed', 'allowed', 'malformed', 'unknown'] as const;

export type Verdict = (typeof VERDICTS)[number];

export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

/** What one CPU has counted of one element and has not added to the element's own count. */
export interface Pending extends Count {
  readonly slot: number;
  readonly tag: number;
}

export interface Tallies {
  /** What became of packets, on all CPUs. */
  readonly verdicts: Readonly<Record<Verdict, Count>>;
  readonly pending: readonly Pending[];
}

/** The CPUs that there could be, which is what a per-CPU map has values for: `0-3` has four. */
let possible: number | undefined;

function possibleCpus(): number {
  possible ??= Number(/(\d+)\s*$/.exec(readFileSync('/sys/devices/system/cpu/possible', 'utf8'))?.[1] ?? 0) + 1;
  return possible;
}

/** An element of a per-CPU array, of each CPU. @throws BpfError */
function eachCpu(map: Descriptor, index: number, size: number): readonly Buffer[] {
  const key = Buffer.alloc(4);
  key.writeUInt32LE(index, 0);
  const bytes = call('reading counters', (native) => native.lookup(map, key, size * possibleCpus()));
  if (!bytes) throw new TypeError('a per-CPU array has all its elements');
  return Array.from({ length: bytes.length / size }, (_, cpu) => bytes.subarray(cpu * size, (cpu + 1) * size));
}

/** What a rule has dropped or observed (of 0: what was observed without one), on all CPUs. @throws BpfError */
export const readScopeTally = (maps: Pick<Maps, 'scope_tallies'>, rule: number): Count =>
  sum(eachCpu(maps.scope_tallies, rule, COUNT_SIZE).map((cpu) => countAt(cpu, 0)));

/** Has a rule begin at 0. @throws BpfError */
export function clearScopeTally(maps: Pick<Maps, 'scope_tallies'>, rule: number): void {
  const key = Buffer.alloc(4);
  key.writeUInt32LE(rule, 0);
  call('clearing a counter', (native) =>
    native.update(maps.scope_tallies, key, Buffer.alloc(COUNT_SIZE * possibleCpus())),
  );
}

/** Adds up what the CPUs have counted. @throws BpfError */
export function readTallies(maps: Maps): Tallies {
  const cpus = eachCpu(maps.tallies, 0, TALLY.SIZE);
  const verdicts = VERDICTS.map(
    (verdict, index) => [verdict, sum(cpus.map((cpu) => countAt(cpu, index * 16)))] as const,
  );
  return {
    verdicts: Object.fromEntries(verdicts) as Record<Verdict, Count>,
    pending: cpus
      .map((cpu) => ({
        slot: cpu.readUInt32LE(TALLY.SLOT),
        tag: cpu.readUInt32LE(TALLY.TAG),
        ...countAt(cpu, TALLY.PACKETS),
      }))
      .filter(({ packets }) => packets > 0),
  };
}

const countAt = (bytes: Buffer, at: number): Count => ({
  packets: Number(bytes.readBigUInt64LE(at)),
  bytes: Number(bytes.readBigUInt64LE(at + 8)),
});

export const sum = (counts: readonly Count[]): Count => ({
  packets: counts.reduce((total, { packets }) => total + packets, 0),
  bytes: counts.reduce((total, { bytes }) => total + bytes, 0),
});
