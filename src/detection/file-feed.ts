import type { FileSource, JailConfig } from '../config/types.js';
import type { Chunk, FilePosition } from '../sources/chunk.js';
import { type FollowedFiles, followFiles } from '../sources/files.js';
import { PathPattern } from '../sources/pattern.js';
import { type Feed, type FeedOptions, tell } from './feed.js';
import type { PositionNews } from './messages.js';
import { oldness } from './old.js';

/** A pattern of a jail. */
interface Wanted {
  readonly name: string;
  readonly source: FileSource;
  readonly pattern: PathPattern;
}

/** All log files of all jails. */
export class FileFeed implements Feed {
  readonly name = 'the log files';
  readonly chunks: FollowedFiles;
  #wanted: readonly Wanted[];
  /** By path: a log's lines come in many chunks. */
  #readers = new Map<string, readonly string[]>();
  #isOld: ReturnType<typeof oldness>;
  readonly #options: FeedOptions;

  /** @throws DropsetError `source` if a limit of inotify is reached. */
  constructor(jails: readonly JailConfig[], options: FeedOptions) {
    this.#options = options;
    this.#wanted = wantedOf(jails);
    this.#isOld = oldness(jails, options.now);
    this.chunks = followFiles(patternsOf(this.#wanted), {
      signal: options.signal,
      maxLine: options.maxLine,
      positions: options.positions.flatMap(({ position }) =>
        position.kind === 'file' ? (position as FilePosition) : [],
      ),
      isOld: (line) => this.#isOld(line),
      onEvent: tell(options),
    });
  }

  /** Goes on with the files of these jails; answers the positions of those that nobody read before. */
  replace(jails: readonly JailConfig[]): readonly PositionNews[] {
    this.#wanted = wantedOf(jails);
    this.#readers = new Map();
    this.#isOld = oldness(jails, this.#options.now);
    return this.chunks.retarget(patternsOf(this.#wanted)).map(newsOf);
  }

  readonly jailsOf = ({ source }: Pick<Chunk, 'source'>): readonly string[] => {
    const known = this.#readers.get(source);
    if (known) return known;
    const readers = this.#wanted.filter(({ pattern }) => pattern.matches(source));
    const names = [...new Set(readers.map(({ name }) => name))];
    this.#readers.set(source, names);
    return names;
  };

  readonly keyOf = ({ source }: Chunk): string => keyOf(source);

  readonly positionAt = ({ position, offset }: Chunk, read: number): FilePosition | undefined =>
    position?.kind === 'file' ? { ...position, offset: offset + read } : undefined;

  readonly positions = (): readonly PositionNews[] => this.chunks.positions.map(newsOf);

  readonly behind = (): ReadonlyMap<string, number> => {
    const sums = new Map(this.#wanted.map(({ name }) => [name, 0]));
    for (const { path, bytes } of this.chunks.behind) {
      for (const name of this.jailsOf({ source: path })) sums.set(name, (sums.get(name) ?? 0) + bytes);
    }
    return sums;
  };
}

export const readsFiles = ({ sources }: JailConfig): boolean => sources.some(({ kind }) => kind === 'file');

const keyOf = (path: string): string => `file ${path}`;

const newsOf = (position: FilePosition): PositionNews => ({ source: keyOf(position.path), position });

const wantedOf = (jails: readonly JailConfig[]): readonly Wanted[] =>
  jails.flatMap(({ name, sources }) =>
    sources.flatMap((source) => (source.kind === 'file' ? [{ name, source, pattern: new PathPattern(source) }] : [])),
  );

/** One for each text: of several the last says where to begin. */
const patternsOf = (wanted: readonly Wanted[]): readonly FileSource[] => [
  ...new Map(wanted.map(({ source }) => [source.pattern, source])).values(),
];
