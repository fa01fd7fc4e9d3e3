import { createHash } from 'node:crypto';
import { closeSync, constants, type FSWatcher, fstatSync, openSync, readSync, statSync, watch } from 'node:fs';
import type { FilePosition } from './chunk.js';
import { ENOUGH } from './utmp-layout.js';

/** 256 KiB: some 700 records. */
const CHUNK = 256 * 1024;

/** Bytes of the beginning that tell one file from another: the time of the first record is in them. */
const HEAD = 1024;

/** A descriptor, a watch on the inode, and a position in bytes. Both outlive a rename. */
export class UtmpFile {
  readonly #descriptor: number;
  readonly #watcher: FSWatcher;
  readonly #device: bigint;
  readonly #inode: bigint;
  /** What the beginning was when it was last looked at; a file that is only appended to keeps it. */
  #head: Buffer;
  offset = 0;

  /** @throws the errno of open or inotify_add_watch; EINVAL for what is no regular file. */
  constructor(path: string, onChange: () => void) {
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(this.#descriptor, { bigint: true });
      if (!stat.isFile()) throw Object.assign(new Error('is no regular file'), { code: 'EINVAL' });
      [this.#device, this.#inode] = [stat.dev, stat.ino];
      this.#head = this.beginning(HEAD);
      this.#watcher = watch(path, onChange).on('error', onChange);
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  get size(): number {
    return fstatSync(this.#descriptor).size;
  }

  /** The next bytes, or none at the end. */
  read(): Buffer {
    const bytes = this.#at(this.offset, CHUNK);
    this.offset += bytes.length;
    return bytes;
  }

  beginning(length = ENOUGH): Buffer {
    return this.#at(0, length);
  }

  /** Whether it has become shorter than what was read of it, or begins otherwise. */
  isRewritten(): boolean {
    const before = this.#head;
    this.#head = this.beginning(HEAD);
    return this.size < this.offset || !this.#head.subarray(0, before.length).equals(before);
  }

  isAt(path: string): boolean {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat?.ino === this.#inode && stat.dev === this.#device;
  }

  /** @param path that it is followed by. @param offset behind the last whole record. */
  positionAt(path: string, offset: number): FilePosition {
    const head = this.#head.subarray(0, offset);
    const [device, inode] = [String(this.#device), String(this.#inode)];
    return { kind: 'file', path, device, inode, offset, hash: sha256(head), hashed: head.length };
  }

  /** Whether a position is one in this file. Inode numbers are given out again soon. */
  fits({ device, inode, offset, hash, hashed }: FilePosition): boolean {
    if (device !== String(this.#device) || inode !== String(this.#inode) || this.size < offset) return false;
    return hashed <= HEAD && sha256(this.beginning(hashed)) === hash;
  }

  close(): void {
    this.#watcher.close();
    closeSync(this.#descriptor);
  }

  #at(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, length, position));
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
