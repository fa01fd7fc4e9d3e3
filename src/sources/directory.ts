import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, relative } from 'node:path';

/**
 * Watches for a path to appear: its directory, or the nearest one above that exists. Other files of a log
 * directory are written all the time, and not heard.
 */
export class DirectoryWatch {
  readonly #path: string;
  readonly #onEvent: () => void;
  #watcher: FSWatcher | undefined;
  #directory = '';
  #next: string | undefined;
  /** Whether a mere write to the path is of no interest: the open file has a watch of its own. */
  isPicky = false;

  constructor(path: string, onEvent: () => void) {
    this.#path = path;
    this.#onEvent = onEvent;
  }

  /** The directory that is watched. */
  get directory(): string {
    return this.#directory;
  }

  /**
   * Watches anew, because a directory may have appeared or been replaced. Look at the path after this, not before:
   * what is created in between is then seen or reported.
   *
   * @throws the errno of inotify_add_watch if not even the root can be watched.
   */
  renew(): void {
    let before: string;
    do {
      before = this.#directory;
      const old = this.#watcher;
      this.#watcher = this.#nearest(dirname(this.#path));
      old?.close();
      // A directory made between two tries is not missed: once the one above is watched, deeper is tried again.
    } while (this.#directory !== dirname(this.#path) && this.#directory !== before);
  }

  close(): void {
    this.#watcher?.close();
  }

  #nearest(directory: string): FSWatcher {
    try {
      const watcher = watch(directory, (kind, name) => this.#heard(kind, name));
      this.#directory = directory;
      this.#next = relative(directory, this.#path).split('/', 1)[0];
      return watcher.on('error', this.#onEvent);
    } catch (error) {
      const parent = dirname(directory);
      if (parent === directory || !isAbsent(error)) throw error;
      return this.#nearest(parent);
    }
  }

  #heard(kind: string, name: string | null): void {
    // What leads on from here to the path, or the directory itself: inotify names it when it is moved or removed.
    const isOurs = name === this.#next || name === basename(this.#directory);
    if (isOurs && (kind === 'rename' || !this.isPicky)) this.#onEvent();
  }
}

/** A directory that may not be watched counts as absent: the one above tells when it changes. */
function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES';
}
