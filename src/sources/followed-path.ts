import { dirname } from 'node:path';
import type { Chunk, FilePosition } from './chunk.js';
import type { SourceEvent, SourceEventKind } from './event.js';
import { OpenFile, type OpenFileOptions } from './open-file.js';
import { needsWatch, openTarget, type Target, targetOf } from './open-path.js';
import type { Start } from './pattern.js';
import type { NamedPipe } from './pipe.js';
import { type Positions, renamedTo } from './positions.js';
import type { IsOld } from './since.js';
import { oversized } from './stream.js';

/** What all paths that are followed together share. */
export interface Surroundings {
  readonly maxLine: number;
  readonly isOld?: IsOld | undefined;
  readonly positions: Positions;
  /** Identities of what is open. Rotated logs that a pattern matches too are read by one path only. */
  readonly held: Set<string>;
  readonly isWatched: (directory: string) => boolean;
  /** A file was let go: if another path leads to it, that one goes on with it. */
  readonly onRelease: () => void;
  readonly onEvent: (event: SourceEvent) => void;
  readonly onChange: (path: FollowedPath) => void;
}

/** Nothing to hand over, but it is not the end. */
export const AGAIN = 'again';

/** Which files a path leads to, over time: the one that it leads to now, and the one before, whose writers may go on. */
export class FollowedPath {
  readonly path: string;
  readonly #around: Surroundings;
  readonly #options: OpenFileOptions;
  #current: OpenFile | NamedPipe | undefined;
  #previous: OpenFile | NamedPipe | undefined;
  /** Where to begin in what is there at the first try; whatever takes the path later is read from its beginning. */
  #start: Start;
  #trouble = '';

  constructor(path: string, start: Start, around: Surroundings) {
    this.path = path;
    this.#start = start;
    this.#around = around;
    this.#options = {
      maxLine: around.maxLine,
      onChange: () => this.touch(),
      onOversized: (length) => around.onEvent(oversized(path, length)),
    };
  }

  /** Something has happened to it. */
  touch(): void {
    this.#around.onChange(this);
  }

  /** Whether it has no file, open or remembered. */
  get isIdle(): boolean {
    return !this.#current && !this.#previous;
  }

  /** Whether it leads nowhere now. */
  get isVacant(): boolean {
    return !this.#current;
  }

  /**
   * Where to go on behind what was read: in the file before until something was read of the one that the path leads to now,
   * then in that one, whatever late lines the file before still gets. Undefined if there is no file, or only a pipe.
   */
  get position(): FilePosition | undefined {
    const isBegun = this.#current instanceof OpenFile && (this.#current.offset > 0 || !this.#previous);
    const file = isBegun ? this.#current : (this.#previous ?? this.#current);
    return file instanceof OpenFile ? file.position : undefined;
  }

  /** Bytes of its files that have not been handed over. */
  get behind(): number {
    const files = [this.#previous, this.#current].filter((file) => file instanceof OpenFile);
    return this.#attempt(() => files.reduce((sum, file) => sum + file.behind, 0)) ?? 0;
  }

  /** The next lines, of the file before first; `again` if it is someone else's turn; undefined at the end of all. */
  read(buffer: Buffer): Chunk | typeof AGAIN | undefined {
    return this.#attempt(() => {
      this.#check();
      const piece = this.#previous?.read(buffer) ?? this.#current?.read(buffer);
      if (!piece) return this.#turn() ? AGAIN : undefined;
      if (piece.bytes.length === 0) return AGAIN;
      const position = this.position;
      return { source: this.path, ...piece, ...(position && { position }) };
    });
  }

  /** Opens what is there, so that its end is where it is now. Else the first `read` does. */
  open(): void {
    this.#attempt(() => this.#turn());
  }

  close(): void {
    this.#release(this.#previous);
    this.#release(this.#current);
    this.#previous = this.#current = undefined;
  }

  /** Before every read: the file may have been truncated, and have grown past its old end since. */
  #check(): void {
    if (!(this.#current instanceof OpenFile) || !this.#current.rewound()) return;
    this.#tell('truncated', 'was truncated or written anew, and is read from its beginning');
  }

  /** At the end of what is open: whether there is another file to turn to, or a last look to be had at the one before. */
  #turn(): boolean {
    const target = this.#target();
    if (target && target.identity === this.#current?.identity) {
      if (isDone(this.#previous, this.#current)) this.#dropPrevious();
      return false;
    }
    const isLeft = this.#leave();
    if (target && target.identity === this.#previous?.identity) return this.#comeBack();
    return this.#open(target) || isLeft;
  }

  #target(): Target | undefined {
    return this.#attempt(() => targetOf(this.path));
  }

  #attempt<T>(what: () => T): T | undefined {
    try {
      return what();
    } catch (error) {
      this.#complain(error);
      return undefined;
    }
  }

  /** The current file becomes the one before, and is heard of by itself from here on. */
  #leave(): boolean {
    const left = this.#current;
    if (left) this.#dropPrevious();
    if (left instanceof OpenFile) this.#attempt(() => left.watch());
    if (left) this.#previous = left;
    this.#current = undefined;
    if (this.#previous instanceof OpenFile && this.#previous.isAbandoned) this.#dropPrevious();
    return left !== undefined;
  }

  /** The file before has its name again. */
  #comeBack(): true {
    this.#current = this.#previous;
    this.#previous = undefined;
    this.#trouble = '';
    return true;
  }

  #open(target: Target | undefined): boolean {
    const stored = this.#around.positions;
    if (!target || this.#around.held.has(target.identity)) {
      return this.#recover(stored.takeStored(this.path));
    }
    const file = openTarget(this.path, target, this.#options);
    const [kind, sentence] = this.#begin(file);
    this.#around.held.add(file.identity);
    this.#current = file;
    this.#start = 'beginning';
    this.#trouble = '';
    this.#tell(kind, sentence);
    return true;
  }

  #begin(file: OpenFile | NamedPipe): [SourceEventKind, string] {
    if (!(file instanceof OpenFile)) return ['opened', 'is a pipe, which is read'];
    try {
      const event = this.#place(file);
      if (!this.#around.isWatched(dirname(this.path)) || needsWatch(this.path, file)) file.watch();
      return event;
    } catch (error) {
      this.#around.positions.add(file.position);
      file.close();
      throw error;
    }
  }

  /** Finds where to begin in a file that was just opened, and says so. */
  #place(file: OpenFile): [SourceEventKind, string] {
    const isKnown = this.#around.positions.resume(file);
    const stored = this.#around.positions.takeStored(this.path);
    if (isKnown) return ['opened', 'is read on from where it was left'];
    if (this.#previous || this.#recover(stored) || stored) {
      return ['rotated', 'is another file now, which is read from its beginning'];
    }
    if (this.#start === 'end') file.seekEnd();
    const { isOld } = this.#around;
    if (this.#start === 'since' && isOld) file.seekSince(isOld);
    return ['opened', `is read from ${PLACES[this.#start]}`];
  }

  /** Opens what had the path in an earlier life, if it is in the same folder under another name. */
  #recover(stored: FilePosition | undefined): boolean {
    const path = stored && renamedTo(stored);
    if (!path) return false;
    const file = new OpenFile(path, this.#options, this.path);
    if (this.#around.held.has(file.identity) || !this.#around.positions.resume(file)) {
      file.close();
      return false;
    }
    this.#attempt(() => file.watch());
    this.#around.held.add(file.identity);
    this.#previous = file;
    return true;
  }

  #dropPrevious(): void {
    this.#release(this.#previous);
    this.#previous = undefined;
  }

  #release(file: OpenFile | NamedPipe | undefined): void {
    if (!file) return;
    if (file instanceof OpenFile && file.links > 0) this.#around.positions.add(file.position);
    this.#around.held.delete(file.identity);
    file.close();
    this.#around.onRelease();
  }

  /** Tells each trouble once, however many events come while it lasts. */
  #complain(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    if (isMissing) this.#start = 'beginning';
    const sentence = isMissing ? 'is missing; it is read when it appears' : `cannot be read: ${message}`;
    if (sentence === this.#trouble) return;
    this.#trouble = sentence;
    this.#tell(isMissing ? 'missing' : 'denied', sentence);
  }

  #tell(kind: SourceEventKind, sentence: string): void {
    this.#around.onEvent({ kind, path: this.path, message: `${this.path} ${sentence}` });
  }
}

const PLACES: Readonly<Record<Start, string>> = {
  end: 'its end',
  beginning: 'its beginning',
  since: 'its first line that is not too old',
};

/** Whether the file before can be forgotten: it is removed, and its writers have turned to the new one. */
function isDone(previous: OpenFile | NamedPipe | undefined, current: OpenFile | NamedPipe): boolean {
  if (!(previous instanceof OpenFile) || !(current instanceof OpenFile)) return previous !== undefined;
  return current.offset > 0 && previous.links === 0;
}
