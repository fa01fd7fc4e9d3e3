import type { Prefix } from '../model/prefix.js';
import { call } from './failure.js';
import type { Maps } from './program.js';

/** `struct allow_key`: a length, which counts the bits behind it; the family; an address of 16 bytes, left-aligned. */
export const ALLOW = { SIZE: 24, FAMILY: 4, ADDRESS: 8 } as const;

function keyOf(prefix: Prefix): Buffer {
  const key = Buffer.alloc(ALLOW.SIZE);
  key.writeUInt32LE((ALLOW.ADDRESS - ALLOW.FAMILY) * 8 + prefix.length, 0);
  key.writeUInt32BE(prefix.family, ALLOW.FAMILY);
  prefix.write(key, ALLOW.ADDRESS);
  return key;
}

/** Makes the trie hold these prefixes and no others; what is new comes first. @throws BpfError if they do not fit; it is as it was then. */
export function allowOnly(maps: Maps, prefixes: readonly Prefix[]): void {
  const held = byName(keysOf(maps));
  const wanted = byName(prefixes.map(keyOf));
  add(
    maps,
    [...wanted].flatMap(([name, key]) => (held.has(name) ? [] : [key])),
  );
  for (const [name, key] of held) if (!wanted.has(name)) remove(maps, key);
}

const byName = (keys: readonly Buffer[]): ReadonlyMap<string, Buffer> =>
  new Map(keys.map((key) => [key.toString('latin1'), key]));

const remove = (maps: Maps, key: Buffer): unknown => call('allowing', (native) => native.remove(maps.allow, key));

function add(maps: Maps, keys: readonly Buffer[]): void {
  const added: Buffer[] = [];
  try {
    for (const key of keys) {
      call('allowing', (native) => native.update(maps.allow, key, Buffer.of(1)));
      added.push(key);
    }
  } catch (thrown) {
    for (const key of added) remove(maps, key);
    throw thrown;
  }
}

/** Whether the trie holds these prefixes and no others. @throws BpfError */
export function allowsOnly(maps: Maps, prefixes: readonly Prefix[]): boolean {
  const wanted = new Set(prefixes.map((prefix) => keyOf(prefix).toString('latin1')));
  const there = keysOf(maps).map((key) => key.toString('latin1'));
  return there.length === wanted.size && there.every((key) => wanted.has(key));
}

function keysOf(maps: Maps): Buffer[] {
  const keys: Buffer[] = [];
  for (let key: Buffer | null | undefined = null; ; ) {
    const before: Buffer | null = key;
    key = call('allowing', (native) => native.nextKey(maps.allow, before, ALLOW.SIZE));
    if (!key) return keys;
    keys.push(key);
  }
}
