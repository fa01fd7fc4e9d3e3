import { messageOf } from '../model/errors.js';
import type { Chunk, FilePosition } from './chunk.js';
import { DirectoryWatches } from './directory.js';
import type { SourceEvent } from './event.js';
import { AGAIN, FollowedPath, type Surroundings } from './followed-path.js';
import { type FilePattern, PathPattern, type Start, type Visit } from './pattern.js';
import { Positions } from './positions.js';
import type { IsOld } from './since.js';

/** Bytes that are read of one file before another one has its turn, and the memory that all of them share. */
const BUFFER = 1024 * 1024;

/** Paths that are followed at most: each costs a descriptor, and others may be able to make files that a pattern matches. */
const PATHS = 4096;

/** Paths that lead nowhere any more and whose files are still held, for writers that have not noticed. */
const VACANT = 64;

export interface FileSetOptions {
  /** From 1 to 1,048,575 bytes, without the newline. */
  readonly maxLine: number;
  readonly positions: readonly FilePosition[];
  readonly isOld?: IsOld | undefined;
  /** Called whenever `read` may have something new. */
  readonly onChange: () => void;
  readonly onEvent: (event: SourceEvent) => void;
}

/** All files that some patterns lead to, over time. Synchronous: `read` says what is there now, `onChange` when to ask again. */
export class FileSet {
  #patterns: readonly PathPattern[];
  readonly #options: FileSetOptions;
  readonly #directories: DirectoryWatches;
  readonly #positions: Positions;
  readonly #paths = new Map<string, FollowedPath>();
  /** Who may have something to read, in the order of their turns. */
  readonly #ready = new Set<FollowedPath>();
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER);
  readonly #surroundings: Surroundings;
  /** The last trouble of each pattern. */
  readonly #told = new Map<string, string>();
  /** Patterns that have not been looked at yet: what is there already begins where they say. */
  #fresh: ReadonlySet<PathPattern>;
  #isStale = false;
  #left: readonly FilePosition[] | undefined;

  /** @throws DropsetError `source` for a pattern that is no absolute path, and if a limit of inotify is reached. */
  constructor(patterns: readonly FilePattern[], options: FileSetOptions) {
    if (!(options.maxLine >= 1 && options.maxLine < BUFFER)) throw new RangeError('maxLine is from 1 to 1,048,575');
    this.#patterns = patterns.map((pattern) => new PathPattern(pattern));
    this.#fresh = new Set(this.#patterns);
    this.#options = options;
    this.#positions = new Positions(options.positions);
    this.#directories = new DirectoryWatches({
      onPath: (path) => this.#hear(path),
      onNames: () => this.#expire(),
      onBurst: () => this.#touchAll(),
    });
    this.#surroundings = {
      maxLine: options.maxLine,
      isOld: options.isOld,
      positions: this.#positions,
      held: new Set(),
      isWatched: (directory) => this.#directories.has(directory),
      onRelease: () => this.#expire(),
      onEvent: options.onEvent,
      onChange: (path) => {
        this.#ready.add(path);
        options.onChange();
      },
    };
    try {
      this.#look(true);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** How many directories are watched. */
  get directories(): number {
    return this.#directories.size;
  }

  /** Where each file has been read to, behind the last chunk that `read` gave; as it was when it is closed. */
  get positions(): readonly FilePosition[] {
    return this.#left ?? Array.from(this.#paths.values(), (path) => path.position).filter((position) => !!position);
  }

  /** Bytes of each path's files that `read` has not given yet. */
  get behind(): readonly { readonly path: string; readonly bytes: number }[] {
    return Array.from(this.#paths.values(), ({ path, behind }) => ({ path, bytes: behind }));
  }

  /** The next lines of whose turn it is; `again` if others should have theirs first; undefined if nothing is left now. */
  read(): Chunk | typeof AGAIN | undefined {
    if (this.#isStale) this.#look(false);
    for (const path of this.#ready) {
      this.#ready.delete(path);
      const chunk = path.read(this.#buffer);
      if (chunk) this.#ready.add(path);
      return chunk ?? AGAIN;
    }
    return undefined;
  }

  /**
   * Follows what these patterns lead to from here on. What they led to before goes on where it is; of what they do not lead to any
   * more, it is remembered how far it was read.
   *
   * @returns the positions of the files that were not followed before.
   * @throws DropsetError `source` for a pattern that is no absolute path; nothing is changed then.
   */
  retarget(patterns: readonly FilePattern[]): readonly FilePosition[] {
    const known = new Map(this.#patterns.map((pattern) => [keyOf(pattern), pattern]));
    const wanted = patterns
      .map((pattern) => new PathPattern(pattern))
      .map((pattern) => known.get(keyOf(pattern)) ?? pattern);
    const followed = new Set(this.#paths.keys());
    this.#fresh = new Set(wanted.filter((pattern) => !this.#patterns.includes(pattern)));
    // What an old pattern leads to has been there before its log.
    this.#patterns = wanted.toSorted((a, b) => Number(this.#fresh.has(a)) - Number(this.#fresh.has(b)));
    this.#look(false);
    this.#options.onChange();
    return this.positions.filter(({ path }) => !followed.has(path));
  }

  close(): void {
    this.#left ??= this.positions;
    this.#directories.close();
    for (const path of this.#paths.values()) path.close();
    this.#paths.clear();
    this.#ready.clear();
  }

  #hear(path: string): void {
    const followed = this.#paths.get(path);
    if (followed) followed.touch();
    else this.#expire();
  }

  #expire(): void {
    this.#isStale = true;
    this.#options.onChange();
  }

  #touchAll(): void {
    this.#expire();
    for (const path of this.#paths.values()) path.touch();
  }

  /** Finds out which paths there are to follow. The watches are in place before the paths are looked at. */
  #look(isFirst: boolean): void {
    this.#isStale = false;
    this.#directories.begin();
    const found = new Map<string, Start>();
    for (const pattern of this.#patterns) this.#expand(pattern, isFirst, found);
    const isElsewhere = this.#directories.end();
    for (const [path, start] of found) if (!this.#paths.has(path)) this.#follow(path, start);
    this.#fresh = new Set();
    for (const path of this.#paths.values()) if (isElsewhere || path.isVacant || !found.has(path.path)) path.touch();
    this.#forget(found);
  }

  #expand(pattern: PathPattern, isFirst: boolean, found: Map<string, Start>): void {
    const before = found.size;
    const troubles: string[] = [];
    const visit: Visit = (directory, glob) => {
      try {
        this.#directories.want(directory, glob);
      } catch (error) {
        // A limit that is reached later does not end what goes on.
        if (isFirst) throw error;
        troubles.push(messageOf(error));
      }
    };
    const isFresh = this.#fresh.has(pattern);
    const left = isFresh ? this.#positions.paths.filter((path) => pattern.matches(path)) : [];
    for (const path of [...pattern.paths(visit), ...left]) {
      if (found.has(path)) continue;
      if (found.size < PATHS) found.set(path, isFresh ? pattern.start : 'beginning');
      else troubles.push(`more than ${PATHS} files`);
    }
    this.#judge(pattern, found.size > before, troubles[0]);
  }

  /** Tells each trouble of a pattern once while it lasts. */
  #judge({ text, hasGlob }: PathPattern, isMatched: boolean, trouble: string | undefined): void {
    let sentence = '';
    if (trouble) sentence = `leads to what is not followed: ${trouble}`;
    else if (hasGlob && !isMatched) sentence = 'leads to no file; those that appear are read';
    if (sentence === (this.#told.get(text) ?? '')) return;
    this.#told.set(text, sentence);
    const kind = trouble ? 'denied' : 'missing';
    if (sentence) this.#options.onEvent({ kind, path: text, message: `${text} ${sentence}` });
  }

  #follow(path: string, start: Start): void {
    const followed = new FollowedPath(path, start, this.#surroundings);
    this.#paths.set(path, followed);
    followed.open();
    this.#ready.add(followed);
  }

  /** Of paths that no pattern leads to any more, keeps the youngest that have a file left. */
  #forget(found: ReadonlyMap<string, Start>): void {
    const gone = [...this.#paths.values()].filter(({ path }) => !found.has(path));
    const isMeant = ({ path }: FollowedPath): boolean => this.#patterns.some((pattern) => pattern.matches(path));
    const kept = gone.filter((path) => !path.isIdle && isMeant(path)).slice(-VACANT);
    for (const path of gone) {
      if (kept.includes(path)) continue;
      path.close();
      this.#paths.delete(path.path);
      this.#ready.delete(path);
    }
  }
}

const keyOf = ({ text, start }: PathPattern): string => `${start} ${text}`;
