import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FilePosition } from './chunk.js';

/** Bytes of a file's beginning that tell it from others: the first lines of a log have its date. */
const HEAD = 1024;

/** The beginning of a file that is only appended to, as far as it was there when it was last looked at. */
export class Head {
  #bytes: Buffer = Buffer.alloc(0);
  #hash: string | undefined;

  get length(): number {
    return this.#bytes.length;
  }

  /** SHA-256, hexadecimal. */
  get hash(): string {
    this.#hash ??= sha256(this.#bytes);
    return this.#hash;
  }

  /** Looks again. False if what was there has changed: another content has taken the place of the old one. */
  refresh(descriptor: number): boolean {
    const now = beginning(descriptor, HEAD);
    const isSame = this.#bytes.equals(now.subarray(0, this.#bytes.length));
    if (!isSame || now.length !== this.#bytes.length) {
      this.#bytes = now;
      this.#hash = undefined;
    }
    return isSame;
  }
}

/** Whether the file begins with what the position remembers, and reaches as far. */
export function fits(descriptor: number, size: number, position: FilePosition): boolean {
  if (position.offset > size || position.hashed > HEAD) return false;
  const known = beginning(descriptor, position.hashed);
  return known.length === position.hashed && sha256(known) === position.hash;
}

function beginning(descriptor: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
