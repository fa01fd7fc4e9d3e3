import { type Prefix, WIDTH } from '../model/prefix.js';
import { call } from './failure.js';
import type { Maps } from './program.js';

/** `struct allow_key`: a length, and an address of 16 bytes; IPv4 as ::ffff:0:0/96. */
const KEY = 20;
const MAPPED = 96;

function keyOf(prefix: Prefix): Buffer {
  const key = Buffer.alloc(KEY);
  const offset = prefix.family === 4 ? MAPPED : 0;
  key.writeUInt32LE(prefix.length + offset, 0);
  if (prefix.family === 4) key.writeUInt16BE(0xffff, 14);
  prefix.write(key, KEY - WIDTH[prefix.family] / 8);
  return key;
}

/** Makes the trie hold these prefixes and no others; what is new comes first. @throws BpfError */
export function allowOnly(maps: Maps, prefixes: readonly Prefix[]): void {
  const wanted = prefixes.map(keyOf);
  for (const key of wanted) call('allowing', (native) => native.update(maps.allow, key, Buffer.of(1)));
  const names = new Set(wanted.map((key) => key.toString('latin1')));
  for (const key of keysOf(maps)) {
    if (!names.has(key.toString('latin1'))) call('allowing', (native) => native.remove(maps.allow, key));
  }
}

function keysOf(maps: Maps): Buffer[] {
  const keys: Buffer[] = [];
  for (let key: Buffer | null | undefined = null; ; ) {
    const before: Buffer | null = key;
    key = call('allowing', (native) => native.nextKey(maps.allow, before, KEY));
    if (!key) return keys;
    keys.push(key);
  }
}
