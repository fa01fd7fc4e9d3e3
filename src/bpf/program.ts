import { BPF_OBJECT, type Descriptor } from '../native.js';
import { addon, BpfError, call } from './failure.js';

export type { Descriptor };

/** The maps of native/bpf/maps.h, and `shape`, the program's global variable. */
export const MAPS = [
  'shape',
  'present4',
  'present6',
  'wide6',
  'blocks4',
  'buckets4',
  'buckets6',
  'allow',
  'scopes',
  'scope_tallies',
  'tallies',
] as const;

export type MapName = (typeof MAPS)[number];

export type Maps = Readonly<Record<MapName, Descriptor>>;

/** The loaded programs and their maps. Closing lets the descriptors go: what is attached or pinned stays. */
export interface Program {
  /** Decides about packets. */
  readonly drop: Descriptor;
  /** Tells the kernel's jiffies in a test run. */
  readonly jiffies: Descriptor;
  readonly maps: Maps;
  close(): void;
}

/** BPF_MAP_TYPE_ARRAY of linux/bpf.h. */
const ARRAY = 2;

/** errno.h */
const EINVAL = 22;

/**
 * Loads the program, with new maps, or with maps that are there.
 *
 * @param from `sizes`: entries of new maps; what is not named has its own size. `maps`: those that are there. `sparing`: of TCP only what
 *   opens a connection is dropped.
 * @throws BpfError
 */
export function loadProgram(from: {
  sizes?: Readonly<Record<string, number>>;
  maps?: Partial<Maps>;
  sparing?: boolean;
}): Program {
  const name = from.sparing ? 'dropset_sparing' : 'dropset';
  const loaded = load(from.sizes ?? {}, from.maps ?? {}, name);
  const drop = loaded[name] as Descriptor;
  const jiffies = loaded.jiffies as Descriptor;
  const maps = loaded.maps as Maps;
  const close = (): void => {
    for (const descriptor of [drop, jiffies, ...Object.values(maps)])
      call('close', (native) => native.close(descriptor));
  };
  return { drop, jiffies, maps, close };
}

/** Before 5.18 a program cannot say that it takes frames in several pieces, and is refused for saying so. */
function load(sizes: Readonly<Record<string, number>>, reuse: Partial<Maps>, drop: string): ReturnType<typeof attempt> {
  try {
    return attempt(sizes, reuse, true, drop);
  } catch (thrown) {
    if (!(thrown instanceof BpfError) || thrown.errno !== EINVAL) throw thrown;
    return attempt(sizes, reuse, false, drop);
  }
}

const attempt = (sizes: Readonly<Record<string, number>>, reuse: Partial<Maps>, fragments: boolean, drop: string) =>
  call('loading the eBPF program', (native) => native.load(BPF_OBJECT, sizes, reuse, fragments, drop));

/** The kernel's jiffies, read after `since`, of CLOCK_MONOTONIC in ns. */
export interface Reading {
  readonly jiffies: bigint;
  readonly since: bigint;
}

export function readJiffies(program: Program): Reading {
  const since = process.hrtime.bigint();
  // The shortest frame that a test run takes is an Ethernet header.
  const { frame } = call('test run', (native) => native.testRun(program.jiffies, Buffer.alloc(64), 1));
  return { jiffies: frame.readBigUInt64LE(0), since };
}

/** Whether a map is the variable of a program of ours, of whichever version: all begin with the same word. @throws BpfError */
export function hasMagic(map: Descriptor): boolean {
  const { type, keySize, valueSize = 0 } = call('asking for a map', (native) => native.inspect(map));
  if (type !== ARRAY || keySize !== 4 || valueSize < 4) return false;
  const shape = call('reading the layout', (native) => native.lookup(map, Buffer.alloc(4), valueSize));
  return shape?.readUInt32LE(0) === addon().layout.magic;
}

/** Whether a map is the variable of a program whose maps are laid out as this version has them. @throws BpfError */
export function isThisLayout(map: Descriptor): boolean {
  const { layout } = addon();
  const size = layout.shape ?? 0;
  const { kind, valueSize } = call('asking for a map', (native) => native.inspect(map));
  if (kind !== 'map' || valueSize !== size) return false;
  const shape = call('reading the layout', (native) => native.lookup(map, Buffer.alloc(4), size));
  const version = shape?.readUInt32LE(layout['shape.version'] ?? 0);
  return shape?.readUInt32LE(0) === layout.magic && version === layout.version;
}
