import { type BigIntStats, type FSWatcher, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DropsetError } from '../model/errors.js';
import type { Glob } from './glob.js';
import { startWatch } from './watch.js';

/** The kernel's queue holds 16,384 events unless told otherwise, and libuv does not say when it has overflowed. */
const BURST = 4096;

/** Folders that are watched at most: others may be able to make some that a pattern matches. */
const FOLDERS = 4096;

export interface DirectoryListener {
  /** Something that is wanted was written to, or its owner or mode changed. */
  readonly onPath: (path: string) => void;
  /** Names that are wanted have come, gone or moved, or the directory itself has. */
  readonly onNames: () => void;
  /** There were so many events that some may have been lost: everything is to be looked at. */
  readonly onBurst: () => void;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly identity: string;
  wanted: Glob[];
  isWanted: boolean;
  /** The directory itself was moved, removed or unmounted: the watch may be dead, and the inode number in use again. */
  isDoubtful: boolean;
}

/**
 * The directories in which names are looked up, each watched once, however many files it has. A look asks for what it wants
 * between `begin` and `end`; a directory is watched before it is listed, so nothing comes in between unseen.
 */
export class DirectoryWatches {
  readonly #listener: DirectoryListener;
  readonly #watched = new Map<string, Watched>();
  #heardSoFar = 0;
  #isRenewed = false;

  constructor(listener: DirectoryListener) {
    this.#listener = listener;
  }

  get size(): number {
    return this.#watched.size;
  }

  has(directory: string): boolean {
    return this.#watched.has(directory);
  }

  begin(): void {
    this.#isRenewed = false;
    for (const watched of this.#watched.values()) watched.isWanted = false;
  }

  /**
   * Watches for names in a directory. Does nothing where there is none, or none that may be watched: the one above tells when
   * that changes.
   *
   * @throws DropsetError `source` if a limit of inotify is reached, or 4,096 folders are watched.
   */
  want(directory: string, glob: Glob): void {
    const stat = directoryAt(directory);
    if (!stat) return;
    const identity = `${stat.dev}:${stat.ino}`;
    let watched = this.#watched.get(directory);
    if (watched?.identity !== identity || watched.isDoubtful) watched = this.#renew(directory, identity);
    if (!watched) return;
    if (!watched.isWanted) watched.wanted = [];
    watched.isWanted = true;
    if (!watched.wanted.includes(glob)) watched.wanted.push(glob);
  }

  /**
   * Gives back what this look did not want.
   *
   * @returns whether a folder is watched that was not before: what a path leads to may be another file now.
   */
  end(): boolean {
    for (const [directory, watched] of this.#watched) if (!watched.isWanted) this.#drop(directory, watched);
    return this.#isRenewed;
  }

  close(): void {
    for (const [directory, watched] of this.#watched) this.#drop(directory, watched);
  }

  #renew(directory: string, identity: string): Watched | undefined {
    const old = this.#watched.get(directory);
    if (!old && this.#watched.size >= FOLDERS) throw new DropsetError('source', `more than ${FOLDERS} folders`);
    this.#isRenewed = true;
    try {
      const heard = (kind: string, name: string | null): void => this.#heard(directory, kind, name);
      const watcher = startWatch(directory, heard, this.#listener.onNames);
      const watched = { watcher, identity, wanted: [], isWanted: false, isDoubtful: false };
      this.#watched.set(directory, watched);
      old?.watcher.close();
      return watched;
    } catch (error) {
      if (old) this.#drop(directory, old);
      if (!isAbsent(error)) throw error;
      return undefined;
    }
  }

  #drop(directory: string, watched: Watched): void {
    watched.watcher.close();
    this.#watched.delete(directory);
  }

  #heard(directory: string, kind: string, name: string | null): void {
    if (++this.#heardSoFar % BURST === 0) this.#listener.onBurst();
    const watched = this.#watched.get(directory);
    if (!watched) return;
    // Of the directory itself, inotify tells under its own name.
    if (name === null || (kind === 'rename' && name === basename(directory))) {
      watched.isDoubtful = true;
      this.#listener.onNames();
    }
    if (name === null || !watched.wanted.some((glob) => glob.matches(name))) return;
    this.#listener.onPath(join(directory, name));
    if (kind === 'rename') this.#listener.onNames();
  }
}

function directoryAt(path: string): BigIntStats | undefined {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat?.isDirectory() ? stat : undefined;
  } catch {
    return undefined;
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES';
}
