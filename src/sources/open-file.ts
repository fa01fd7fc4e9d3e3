import { type BigIntStats, closeSync, constants, type FSWatcher, fstatSync, openSync, readSync } from 'node:fs';
import type { FilePosition } from './chunk.js';
import { fits, Head } from './head.js';
import { cutLine, endOfLine, type Piece, wholeLines } from './lines.js';
import { firstSince, type IsOld } from './since.js';
import { startWatch } from './watch.js';

const NOTHING = Buffer.alloc(0);

/** A file that was written to within so many milliseconds before it was removed may still have a writer. */
const WRITTEN_LATELY = 60_000n;

/** Tells files apart while they are open: then their inodes are in use. */
export const identityOf = (stat: BigIntStats): string => `${stat.dev}:${stat.ino}`;

export interface OpenFileOptions {
  /** In bytes, without the newline; less than the buffer that is read into. */
  readonly maxLine: number;
  /** Called at every inotify event of the file, if it is watched by itself. */
  readonly onChange: () => void;
  /** Told the length in bytes of each line that was cut. */
  readonly onOversized: (length: number) => void;
}

/**
 * A regular file that is being read: a descriptor, which survives a rename, and the offset of the next line. Between two
 * reads nothing is kept of an unfinished line: it is read again.
 */
export class OpenFile {
  readonly path: string;
  readonly identity: string;
  readonly #options: OpenFileOptions;
  readonly #descriptor: number;
  readonly #inode: bigint;
  readonly #device: bigint;
  readonly #head = new Head();
  #offset = 0;
  /** Bytes behind the offset that are known to have no newline: a line that is too long, and has not ended yet. */
  #passed = 0;
  /** Lines that begin before this offset were there before anybody followed the file. */
  #backlog = 0;
  #watcher: FSWatcher | undefined;

  /**
   * @param name the path that it is read for, where that is another one.
   * @throws the errno of open; EINVAL for what is no regular file.
   */
  constructor(path: string, options: OpenFileOptions, name = path) {
    this.path = name;
    this.#options = options;
    // Not blocking: the path may lead to a pipe since it was looked at, and that would wait for a writer.
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const stat = fstatSync(this.#descriptor, { bigint: true });
      if (!stat.isFile()) throw Object.assign(new Error('it is no regular file'), { code: 'EINVAL' });
      this.identity = identityOf(stat);
      [this.#inode, this.#device] = [stat.ino, stat.dev];
      this.#head.refresh(this.#descriptor);
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** Of the next line; what is before it has been handed over. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes behind the offset, an unfinished line included. */
  get behind(): number {
    return Math.max(0, this.#size - this.#offset);
  }

  /** Where to go on behind what was read. */
  get position(): FilePosition {
    return {
      kind: 'file',
      path: this.path,
      device: String(this.#device),
      inode: String(this.#inode),
      offset: this.#offset,
      hash: this.#head.hash,
      hashed: this.#head.length,
    };
  }

  /** Goes on where the position says, if it is of this file and this content. The device is left to who asks. */
  resume(position: FilePosition): boolean {
    const isOurs = position.inode === String(this.#inode) && fits(this.#descriptor, this.#size, position);
    if (isOurs) {
      this.#offset = position.offset;
      this.#backlog = this.#size;
    }
    return isOurs;
  }

  /** Passes over the whole lines that are there; an unfinished one is new when it is finished. */
  seekEnd(): void {
    const { maxLine } = this.#options;
    const size = this.#size;
    const tail = Buffer.allocUnsafeSlow(Math.min(size, maxLine + 1));
    const length = readSync(this.#descriptor, tail, 0, tail.length, size - tail.length);
    const newline = tail.subarray(0, length).lastIndexOf('\n');
    if (newline >= 0) this.#offset = size - tail.length + newline + 1;
    else this.#offset = size > maxLine ? size : 0;
  }

  /** Passes over the lines that are too old. */
  seekSince(isOld: IsOld): void {
    this.#backlog = this.#size;
    this.#offset = firstSince(this.#descriptor, this.#backlog, isOld);
  }

  /** The next lines, in `buffer`; undefined at the end of what is there. */
  read(buffer: Buffer): Piece | undefined {
    const size = readSync(this.#descriptor, buffer, 0, buffer.length, this.#offset + this.#passed);
    if (size === 0) return undefined;
    if (this.#passed > 0) return this.#past(buffer, 0, size);
    const end = wholeLines(buffer.subarray(0, size), this.#options.maxLine);
    if (end > 0) return this.#piece(buffer.subarray(0, end), end);
    if (size <= this.#options.maxLine) return undefined;
    this.#passed = this.#options.maxLine;
    return this.#past(buffer, this.#passed, size);
  }

  /** Begins anew, and says so, if the file became shorter or its beginning is not what it was. */
  rewound(): boolean {
    const isSame = this.#head.refresh(this.#descriptor);
    if (isSame && this.#size >= this.#offset) return false;
    this.#offset = 0;
    this.#passed = 0;
    this.#backlog = 0;
    return true;
  }

  /** Has the kernel tell of this file by itself, under whatever names and in whatever folder it is. */
  watch(): void {
    const heard = (): void => this.#options.onChange();
    this.#watcher ??= startWatch(`/proc/self/fd/${this.#descriptor}`, heard, heard, this.path);
  }

  /** How many names it has: none if it was removed, several if its writer may know it by another one. */
  get links(): number {
    return fstatSync(this.#descriptor).nlink;
  }

  /** Whether it was removed when nobody had written to it for long: holding it would only keep its blocks from being freed. */
  get isAbandoned(): boolean {
    const stat = fstatSync(this.#descriptor, { bigint: true });
    return stat.nlink === 0n && stat.ctimeMs - stat.mtimeMs > WRITTEN_LATELY;
  }

  close(): void {
    this.#watcher?.close();
    closeSync(this.#descriptor);
  }

  get #size(): number {
    return fstatSync(this.#descriptor).size;
  }

  #piece(bytes: Buffer, length: number): Piece {
    const offset = this.#offset;
    this.#offset += length;
    return offset < this.#backlog ? { bytes, offset, isBacklog: true } : { bytes, offset };
  }

  /** Looks for the end of a line that is too long; its beginning is read again when that has come. */
  #past(buffer: Buffer, from: number, size: number): Piece {
    const { maxLine } = this.#options;
    const newline = endOfLine(buffer.subarray(0, size), from);
    this.#passed += (newline < 0 ? size : newline) - from;
    if (newline < 0) return { bytes: NOTHING, offset: this.#offset };
    const length = this.#passed;
    this.#passed = 0;
    readSync(this.#descriptor, buffer, 0, maxLine, this.#offset);
    this.#options.onOversized(length);
    return this.#piece(cutLine(buffer, maxLine), length + 1);
  }
}
