import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Chunk, FilePosition } from './chunk.js';
import type { SourceEvent, SourceEventKind } from './event.js';
import { Tally } from './tally.js';
import { UtmpReader, type UtmpReaderOptions } from './utmp-reader.js';

export interface UtmpFollowerOptions extends Pick<UtmpReaderOptions, 'path' | 'log' | 'layout' | 'onChange'> {
  readonly start: 'end' | 'beginning';
  readonly position: FilePosition | undefined;
  readonly onEvent: (event: SourceEvent) => void;
}

/** Which file a path leads to, over time. Synchronous: `read` says what is there now, `onChange` when to ask again. */
export class UtmpFollower {
  readonly #options: UtmpFollowerOptions;
  readonly #watcher: FSWatcher;
  readonly #skipped: Tally;
  #reader: UtmpReader | undefined;
  /** What had the path before, until the file that has it now has records: who was about to write may still do so. */
  #previous: UtmpReader | undefined;
  #isFirst = true;
  #trouble = '';

  /** @throws DropsetError `source` if the directory is not there. */
  constructor(options: UtmpFollowerOptions) {
    this.#options = options;
    this.#skipped = new Tally((count) => this.#tell('skipped', `has had ${count} records that are no logins`));
    this.#watcher = watched(options.path, options.onChange);
    this.#resume(options.position);
    this.#open();
  }

  /** Everything that can be read now. */
  *read(): Generator<Chunk> {
    do {
      yield* this.#previous?.read() ?? [];
      if (this.#reader?.file.isRewritten()) {
        this.#tell('truncated', 'was written anew and is read from its beginning');
        this.#reader.seek(0);
      }
      yield* this.#reader?.read() ?? [];
      if (this.#reader && this.#reader.file.offset > 0) this.#retire(undefined);
    } while (this.#open());
  }

  close(): void {
    this.#watcher.close();
    this.#reader?.file.close();
    this.#retire(undefined);
  }

  /** Begins where an earlier process stopped, also if the file has been renamed meanwhile. */
  #resume(position: FilePosition | undefined): void {
    if (!position) return;
    this.#isFirst = false;
    for (const place of this.#places()) {
      const reader = this.#tryReader(place);
      if (!reader) continue;
      if (reader.file.fits(position)) {
        reader.seek(position.offset);
        this.#reader = reader;
        return;
      }
      reader.file.close();
    }
  }

  /** The path, and what logrotate may have made of it: `btmp.1`, `btmp-20261121`. */
  #places(): string[] {
    const { path } = this.#options;
    const names = readdirSync(dirname(path)).filter((name) => /^[.-]/.test(name.slice(basename(path).length)));
    const rotated = names.filter((name) => name.startsWith(basename(path)) && !/\.(?:gz|xz|zst|bz2)$/.test(name));
    return [path, ...rotated.sort().map((name) => join(dirname(path), name))];
  }

  /** Turns to the file that has the path, if it is another one; false if there is none. */
  #open(): boolean {
    const { path } = this.#options;
    if (this.#reader && isAt(this.#reader, path)) return false;
    const reader = this.#tryReader(path);
    if (!reader) return false;
    if (this.#reader) this.#tell('rotated', 'is another file now, which is read from its beginning');
    else this.#tell('opened', `is read from its ${this.#isFirst ? this.#options.start : 'beginning'}`);
    if (this.#isFirst && this.#options.start === 'end') reader.seek(reader.file.size);
    this.#retire(this.#reader);
    this.#reader = reader;
    this.#isFirst = false;
    this.#trouble = '';
    return true;
  }

  #retire(next: UtmpReader | undefined): void {
    this.#previous?.file.close();
    this.#previous = next;
  }

  #tryReader(place: string): UtmpReader | undefined {
    try {
      return new UtmpReader(place, { ...this.#options, onSkipped: (count) => this.#skipped.add(count) });
    } catch (error) {
      if (place === this.#options.path) this.#complain(error);
      return undefined;
    }
  }

  /** Tells each trouble once, however often it is met while it lasts. */
  #complain(error: unknown): void {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing) this.#isFirst = false;
    const sentence = isMissing ? 'is missing; its directory is watched' : `cannot be read: ${messageOf(error)}`;
    if (sentence === this.#trouble) return;
    this.#trouble = sentence;
    this.#tell(isMissing ? 'missing' : 'denied', sentence);
  }

  #tell(kind: SourceEventKind, sentence: string): void {
    const { path, onEvent } = this.#options;
    onEvent({ kind, path, message: `${path} ${sentence}` });
  }
}

/** Watches for the path to come and go; the file itself has a watch of its own. */
function watched(path: string, onChange: () => void): FSWatcher {
  try {
    return watch(dirname(path), (kind, name) => {
      if (kind === 'rename' && name === basename(path)) onChange();
    }).on('error', onChange);
  } catch (error) {
    throw new DropsetError('source', `${path} cannot be followed: ${messageOf(error)}`, { cause: error });
  }
}

/** A path that cannot be looked up leads to no file of ours. */
function isAt(reader: UtmpReader, path: string): boolean {
  try {
    return reader.file.isAt(path);
  } catch {
    return false;
  }
}
