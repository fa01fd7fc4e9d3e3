import { closeSync, constants, type FSWatcher, fstatSync, openSync, readSync, statSync, watch } from 'node:fs';
import type { Line } from '../model/street.js';
import { LineSplitter } from './lines.js';

/** 256 KiB: a backlog is read at some GB/s, and one chunk of lines keeps the event loop for about a millisecond. */
const CHUNK = 256 * 1024;

/** One for all files: every read is synchronous, and the splitter keeps copies only. */
const chunk = Buffer.allocUnsafeSlow(CHUNK);

export interface OpenFileOptions {
  /** Called at every inotify event of the file itself. */
  readonly onChange: () => void;
  readonly onOversized: (length: number) => void;
  readonly maxLine: number;
  readonly fromEnd: boolean;
}

/** A file that is being read: a descriptor, a watch on the inode, and a position. Both survive a rename. */
export class OpenFile {
  readonly #path: string;
  readonly #options: OpenFileOptions;
  readonly #descriptor: number;
  readonly #watcher: FSWatcher;
  readonly #inode: bigint;
  readonly #device: bigint;
  #position: number;
  #splitter: LineSplitter;

  /** @throws the errno of open or inotify_add_watch; EINVAL for what is no regular file. */
  constructor(path: string, options: OpenFileOptions) {
    this.#path = path;
    this.#options = options;
    // Not blocking: opening a pipe without a writer would wait for one.
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(this.#descriptor, { bigint: true });
      if (!stat.isFile()) throw Object.assign(new Error('is no regular file'), { code: 'EINVAL' });
      [this.#inode, this.#device] = [stat.ino, stat.dev];
      this.#position = options.fromEnd ? Number(stat.size) : 0;
      this.#splitter = this.#newSplitter();
      this.#watcher = watch(path, options.onChange).on('error', options.onChange);
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  get position(): number {
    return this.#position;
  }

  /** The next lines, possibly none of them complete; undefined at the end of the file. */
  read(): readonly Line[] | undefined {
    const size = readSync(this.#descriptor, chunk, 0, CHUNK, this.#position);
    if (size === 0) return undefined;
    this.#position += size;
    return this.#splitter.push(chunk.subarray(0, size));
  }

  /** Goes back to the beginning if the file has become shorter than what was read of it. */
  rewindIfTruncated(): boolean {
    if (fstatSync(this.#descriptor).size >= this.#position) return false;
    this.#position = 0;
    this.#splitter = this.#newSplitter();
    return true;
  }

  /** Whether the path still leads here. The inode is not free for others while the descriptor holds it. */
  isInPlace(): boolean {
    const stat = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    return stat?.ino === this.#inode && stat.dev === this.#device;
  }

  close(): void {
    this.#watcher.close();
    closeSync(this.#descriptor);
  }

  #newSplitter(): LineSplitter {
    return new LineSplitter(this.#path, this.#options.maxLine, this.#options.onOversized, this.#position);
  }
}
