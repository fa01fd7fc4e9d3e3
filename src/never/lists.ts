import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { Listed } from './entries.js';
import { readList } from './list-file.js';

/** Milliseconds after a change in which a file is not read: an editor may still write it. */
const SETTLED = 100;

/** What a file was last known to list. */
export interface ListState {
  readonly entries: readonly Listed[];
  /** Since when it has listed these; milliseconds since the epoch. */
  readonly since: number;
  /** Why it could not be read whole the last time; absent where it could. */
  readonly fault?: string;
}

/**
 * Files that list who is never banned, read again when they change. While one is missing or has a fault, what it last listed whole stands; if
 * there is nothing such, its lines that can be read.
 */
export class Lists {
  readonly #now: Clock;
  readonly #changed: () => void;
  readonly #states = new Map<string, ListState>();
  readonly #whole = new Set<string>();
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  /** @param changed is told that something has happened to one of the files. */
  constructor(now: Clock, changed: () => void) {
    this.#now = now;
    this.#changed = changed;
  }

  stateOf(path: string): ListState | undefined {
    return this.#states.get(path);
  }

  /** Whether what is known of it was read without a fault, now or by an earlier life. */
  isWhole(path: string): boolean {
    return this.#whole.has(path);
  }

  /** Takes over what an earlier life read whole. */
  restore(path: string, state: ListState): void {
    this.#states.set(path, state);
    this.#whole.add(path);
  }

  /** Reads and watches these files, and forgets all others. */
  read(paths: readonly string[]): void {
    for (const path of this.#states.keys()) {
      if (paths.includes(path)) continue;
      this.#states.delete(path);
      this.#whole.delete(path);
    }
    for (const path of paths) this.#states.set(path, this.#stateOf(path));
    this.#watch(new Set(paths.map(dirname)), new Set(paths.map((path) => basename(path))));
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #stateOf(path: string): ListState {
    const before = this.#states.get(path);
    try {
      const { entries, fault } = readList(path);
      if (fault !== undefined && before && this.#whole.has(path)) return { ...before, fault };
      if (fault === undefined) this.#whole.add(path);
      const since = before && textOf(before.entries) === textOf(entries) ? before.since : this.#now();
      return { entries, since, ...(fault !== undefined && { fault }) };
    } catch (thrown) {
      const { entries = [], since = this.#now() } = before ?? {};
      return { entries, since, fault: messageOf(thrown) };
    }
  }

  /** The folders: a file that is replaced is another file. A folder that cannot be watched is looked at with the next refresh. */
  #watch(folders: ReadonlySet<string>, names: ReadonlySet<string>): void {
    this.close();
    for (const folder of folders) {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name === null || names.has(name)) this.#soon();
        });
        this.#watchers.set(
          folder,
          watcher.on('error', () => watcher.close()),
        );
      } catch {}
    }
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, SETTLED).unref();
  }
}

const textOf = (entries: readonly Listed[]): string => entries.map(({ text, line }) => `${line} ${text}`).join('\n');
