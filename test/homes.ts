import { Prefix } from '../src/model/prefix.js';
import { xdpNative } from '../src/native.js';
import type { Loaded } from './tables.js';

/** `enum table` of native/bpf/layout.h. */
export const TABLE = { ADDRESSES4: 0, PREFIXES4: 1, ELEMENTS6: 2, PREFIXES6: 3 } as const;

/** What of `struct shape` tests look at. */
export interface Shape {
  readonly seed: readonly [bigint, bigint];
  readonly first: readonly number[];
  readonly buckets: readonly number[];
  readonly held: readonly number[];
  /** Prefix lengths in use, in the order in which they are looked for. */
  readonly lengths4: readonly number[];
  readonly lengths6: readonly number[];
}

const LENGTHS = { SIZE: 172, LIST4: 12, WIDE: 44, LONG: 108 } as const;

/** Reads the program's variable out of its map. */
export function shapeOf({ program }: Loaded): Shape {
  const size = xdpNative().layout.shape as number;
  const bytes = xdpNative().lookup(program.maps.shape, Buffer.alloc(4), size);
  if (!bytes) throw new Error('a shape is always there');
  const words = (at: number): number[] => [0, 1, 2, 3].map((index) => bytes.readUInt32LE(at + index * 4));
  const lengths = bytes.subarray(112 + (bytes.readUInt32LE(108) & 1) * LENGTHS.SIZE);
  const list = (count: number, at: number): number[] => [...lengths.subarray(at, at + lengths.readUInt32LE(count))];
  return {
    seed: [bytes.readBigUInt64LE(8), bytes.readBigUInt64LE(16)],
    first: words(40),
    buckets: words(56),
    held: words(92),
    lengths4: list(0, LENGTHS.LIST4),
    lengths6: [...list(4, LENGTHS.WIDE), ...list(8, LENGTHS.LONG)],
  };
}

const WORD = 2n ** 64n - 1n;

function fold(value: bigint, factor: bigint): bigint {
  const product = (value * factor) & WORD;
  return product ^ (product >> 32n);
}

/** native/bpf/hash.h once more: both homes of an address, as buckets of its table. */
export function homesOf({ seed, buckets }: Shape, prefix: Prefix): [number, number] {
  const bytes = Buffer.alloc(16);
  prefix.write(bytes, 0);
  const hash = prefix.family === 4 ? hash4(seed, bytes) : hash6(seed, bytes, prefix.length);
  const among = BigInt(buckets[prefix.family === 4 ? TABLE.ADDRESSES4 : TABLE.ELEMENTS6] as number);
  return [Number(((hash >> 32n) * among) >> 32n), Number(((hash & 0xffffffffn) * among) >> 32n)];
}

const hash4 = (seed: Shape['seed'], bytes: Buffer): bigint =>
  fold(fold(BigInt(bytes.readUInt32BE(0)) ^ seed[0], 0x9e3779b97f4a7c15n), 0xbf58476d1ce4e5b9n);

function hash6(seed: Shape['seed'], bytes: Buffer, length: number): bigint {
  const first = fold(bytes.readBigUInt64BE(0) ^ seed[0], 0x9e3779b97f4a7c15n);
  const second = fold(first ^ bytes.readBigUInt64BE(8) ^ seed[1], 0xbf58476d1ce4e5b9n);
  return fold(second ^ BigInt(length), 0x94d049bb133111ebn);
}

/** Addresses with exactly these homes. */
export function living(shape: Shape, family: 4 | 6, homes: readonly [number, number], count: number): string[] {
  return pick(family, count, (prefix) => homesOf(shape, prefix).join() === homes.join());
}

/** Addresses that all live in the first `buckets` buckets: they are in each other's way from the ninth on. */
export function crowd(shape: Shape, family: 4 | 6, buckets: number, count: number): string[] {
  return pick(family, count, (prefix) => homesOf(shape, prefix).every((home) => home < buckets));
}

function pick(family: 4 | 6, count: number, fits: (prefix: Prefix) => boolean): string[] {
  const found: string[] = [];
  for (let i = 1; found.length < count; i++) {
    const text = family === 4 ? `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` : `2001:db8::${i.toString(16)}`;
    if (i > 0xffff && family === 6) throw new Error('too many');
    if (fits(Prefix.parse(text))) found.push(text);
  }
  return found;
}
