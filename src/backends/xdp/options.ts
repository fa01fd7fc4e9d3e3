import type { AttachMode } from '../../bpf/links.js';
import type { Clock } from '../../model/clock.js';
import type { Prefix } from '../../model/prefix.js';

export interface XdpOptions {
  /** Addresses of each family that may be banned at most. Memory is taken as they come: see `GROWTH`. */
  readonly size: number;
  /** Whether packets are counted element by element. */
  readonly elementCounters: boolean;
  /** Never dropped. */
  readonly allow: readonly Prefix[];
  /** Names of interfaces, in which `*` and `?` are wild; `auto` is those that a default route leaves by. */
  readonly interfaces: 'auto' | readonly string[];
  /** `auto` is native where the driver can, and else generic, which is said. */
  readonly mode: 'auto' | AttachMode;
  /** Absolute path of a folder on a BPF file system: what is pinned there goes on dropping without us. */
  readonly pins: string;
  /** `tcp`: of TCP only segments that open a connection are dropped; else all packets are. */
  readonly spareReplies?: boolean | 'tcp';
  /** Told what an operator should know. */
  readonly say: (level: 'info' | 'warning', sentence: string) => void;
  readonly clock?: Clock;
  /** Milliseconds between two looks at interfaces that no event asked for; a minute where absent. */
  readonly lookEvery?: number;
}

/** Addresses that there is room for at first, and by how much it grows when that is full. */
export const GROWTH = { FIRST: 65_536, FACTOR: 4 } as const;

/** Prefixes of each family that there is room for beside so many addresses. */
export const prefixesFor = (addresses: number): number => Math.max(16_384, Math.ceil(addresses / 8));
