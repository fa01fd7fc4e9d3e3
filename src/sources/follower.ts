import type { Line } from '../model/street.js';
import { DirectoryWatch } from './directory.js';
import type { SourceEvent, SourceEventKind } from './event.js';
import { OpenFile } from './open-file.js';

export interface FollowerOptions {
  /** Called whenever `read` may have something new. */
  readonly onChange: () => void;
  readonly onEvent: (event: SourceEvent) => void;
  readonly maxLine: number;
}

/** Which file a path leads to, over time. Synchronous: `read` says what is there now, `onChange` when to ask again. */
export class Follower {
  readonly #path: string;
  readonly #options: FollowerOptions;
  readonly #directory: DirectoryWatch;
  #file: OpenFile | undefined;
  /** The file that had the path before. Its writers go on until they open the new one: read until that has bytes. */
  #previous: OpenFile | undefined;
  /** What was there before us is not ours to read; whatever takes the path later is read from its beginning. */
  #fromEnd = true;
  #trouble = '';

  /** @throws the errno of inotify_add_watch: not even a directory can be watched. */
  constructor(path: string, options: FollowerOptions) {
    this.#path = path;
    this.#options = options;
    this.#directory = new DirectoryWatch(path, options.onChange);
    this.#directory.renew();
    this.#open();
  }

  /** Everything that can be read now, in chunks of lines. */
  *read(): Generator<readonly Line[]> {
    yield* drained(this.#previous);
    yield* this.#current();
    while (!this.#isSettled()) yield* this.#current();
  }

  close(): void {
    this.#directory.close();
    this.#file?.close();
    this.#previous?.close();
  }

  *#current(): Generator<readonly Line[]> {
    try {
      yield* drained(this.#file);
      if (this.#file?.rewindIfTruncated()) {
        this.#tell('truncated', 'became shorter and is read from its beginning');
        yield* drained(this.#file);
      }
    } catch (error) {
      this.#complain(error);
    }
    if (!this.#previous || !this.#file?.position) return;
    // Once more: its last lines may be older than the first of the new one, but younger than the last look.
    yield* drained(this.#previous);
    this.#previous.close();
    this.#previous = undefined;
  }

  /** Whether there is no other file to turn to; turns to it if there is. */
  #isSettled(): boolean {
    if (this.#file && isInPlace(this.#file)) return true;
    this.#directory.renew();
    if (this.#file) {
      this.#previous?.close();
      this.#previous = this.#file;
      this.#file = undefined;
    }
    return !this.#open();
  }

  #open(): boolean {
    try {
      this.#file = new OpenFile(this.#path, {
        onChange: this.#options.onChange,
        onOversized: (length) => this.#tell('oversized', `has a line of ${length} bytes, which was cut`),
        maxLine: this.#options.maxLine,
        fromEnd: this.#fromEnd,
      });
    } catch (error) {
      this.#complain(error);
    }
    this.#directory.isPicky = this.#file !== undefined;
    if (!this.#file) return false;
    this.#tellOpened();
    this.#fromEnd = false;
    this.#trouble = '';
    return true;
  }

  #tellOpened(): void {
    if (this.#previous) this.#tell('rotated', 'is another file now, which is read from its beginning');
    else this.#tell('opened', `is read from its ${this.#fromEnd ? 'end' : 'beginning'}`);
  }

  /** Tells each trouble once, however many events come while it lasts. */
  #complain(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    if (isMissing) this.#fromEnd = false;
    const sentence = isMissing ? `is missing; ${this.#directory.directory} is watched` : `cannot be read: ${message}`;
    if (sentence === this.#trouble) return;
    this.#trouble = sentence;
    this.#tell(isMissing ? 'missing' : 'denied', sentence);
  }

  #tell(kind: SourceEventKind, sentence: string): void {
    this.#options.onEvent({ kind, path: this.#path, message: `${this.#path} ${sentence}` });
  }
}

function* drained(file: OpenFile | undefined): Generator<readonly Line[]> {
  for (let lines = file?.read(); lines; lines = file?.read()) yield lines;
}

/** A path that cannot be looked up (a link to itself, a closed directory) leads to no file of ours. */
function isInPlace(file: OpenFile): boolean {
  try {
    return file.isInPlace();
  } catch {
    return false;
  }
}
