import { describeSource } from '../config/describe.js';
import type { FileSource, JailConfig, SourceConfig } from '../config/types.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { Chunk, FilePosition, JournalPosition, Position } from '../sources/chunk.js';
import { followFiles } from '../sources/files.js';
import { followJournal } from '../sources/journal.js';
import { PathPattern } from '../sources/pattern.js';
import { openStdin } from '../sources/stdin.js';
import { readStream, type StreamOptions } from '../sources/stream.js';
import { listenSyslog } from '../sources/syslog.js';
import { followUtmp } from '../sources/utmp.js';
import type { PositionNews } from './messages.js';
import { oldness } from './old.js';

/** Lines of one source, or of all files, and who wants them. */
export interface Feed {
  readonly name: string;
  readonly chunks: AsyncIterable<Chunk>;
  /** Names of the jails that read what the chunk came from. */
  readonly jailsOf: (chunk: Chunk) => readonly string[];
  /** What the chunk's source is called in the ledger. */
  readonly keyOf: (chunk: Chunk) => string;
  /** Where the chunk's source is read on when so many of the chunk's bytes have been; undefined where only its end tells. */
  readonly positionAt: (chunk: Chunk, read: number) => Position | undefined;
  /** How far everything has been read, what nothing has come from yet included; none where only chunks tell. */
  readonly positions: () => readonly PositionNews[];
  /** Bytes that are there and have not been read, by jail; none where that cannot be told. */
  readonly behind: () => ReadonlyMap<string, number>;
}

export interface FeedOptions {
  readonly signal: AbortSignal;
  readonly positions: readonly PositionNews[];
  readonly now: Clock;
  /** Bytes of a line that are read. */
  readonly maxLine: number;
  /** Told what an operator should know. */
  readonly onEvent: (sentence: string) => void;
}

/** Everything that the jails read, each source once, however many jails read it. */
export async function feedsOf(jails: readonly JailConfig[], options: FeedOptions): Promise<readonly Feed[]> {
  const others = new Map<string, { source: Exclude<SourceConfig, FileSource>; jails: string[] }>();
  for (const { name, sources } of jails) {
    for (const source of sources) {
      if (source.kind === 'file') continue;
      const key = JSON.stringify(source);
      const known = others.get(key) ?? { source, jails: [] };
      known.jails.push(name);
      others.set(key, known);
    }
  }
  const feeds = fileFeed(jails, options);
  for (const [key, { source, jails: names }] of others) feeds.push(...(await feedOf(key, source, names, options)));
  return feeds;
}

/** Sentences of events that an operator knows already are not worth telling: that a log is there, or was rotated. */
const QUIET = new Set(['opened', 'rotated']);

type OnEvent = (event: { readonly kind: string; readonly message: string }) => void;

const tell =
  ({ onEvent }: FeedOptions): OnEvent =>
  ({ kind, message }) => {
    if (!QUIET.has(kind)) onEvent(message);
  };

function fileFeed(jails: readonly JailConfig[], options: FeedOptions): Feed[] {
  const wanted = jails.flatMap(({ name, sources }) =>
    sources.flatMap((source) => (source.kind === 'file' ? [{ name, source, pattern: new PathPattern(source) }] : [])),
  );
  if (wanted.length === 0) return [];
  const patterns = new Map(wanted.map(({ source }) => [source.pattern, source]));
  const chunks = followFiles([...patterns.values()], {
    signal: options.signal,
    maxLine: options.maxLine,
    positions: options.positions.flatMap(({ position }) =>
      position.kind === 'file' ? (position as FilePosition) : [],
    ),
    isOld: oldness(jails, options.now),
    onEvent: tell(options),
  });
  // By path: a log's lines come in many chunks.
  const readers = new Map<string, readonly string[]>();
  const jailsOf = (source: string): readonly string[] => {
    const known = readers.get(source);
    if (known) return known;
    const names = [...new Set(wanted.filter(({ pattern }) => pattern.matches(source)).map(({ name }) => name))];
    readers.set(source, names);
    return names;
  };
  const keyOf = (path: string): string => `file ${path}`;
  const positions = (): readonly PositionNews[] =>
    chunks.positions.map((position) => ({ source: keyOf(position.path), position }));
  const behind = (): ReadonlyMap<string, number> => {
    const sums = new Map(wanted.map(({ name }) => [name, 0]));
    for (const { path, bytes } of chunks.behind) {
      for (const name of jailsOf(path)) sums.set(name, (sums.get(name) as number) + bytes);
    }
    return sums;
  };
  const positionAt = ({ position, offset }: Chunk, read: number): FilePosition | undefined =>
    position?.kind === 'file' ? { ...position, offset: offset + read } : undefined;
  return [
    {
      name: 'the log files',
      chunks,
      jailsOf: ({ source }) => jailsOf(source),
      keyOf: ({ source }) => keyOf(source),
      positionAt,
      positions,
      behind,
    },
  ];
}

/** A source that cannot be opened is told of, and the others go on. */
async function feedOf(
  key: string,
  source: Exclude<SourceConfig, FileSource>,
  jails: readonly string[],
  options: FeedOptions,
): Promise<Feed[]> {
  const name = describeSource(source);
  try {
    const chunks = await chunksOf(key, source, options);
    const jailsOf = (): readonly string[] => jails;
    const untold = { positionAt: () => undefined, positions: () => [], behind: () => new Map<string, number>() };
    return [{ name, chunks, jailsOf, keyOf: () => key, ...untold }];
  } catch (error) {
    options.onEvent(`${name} is not read: ${messageOf(error)}`);
    return [];
  }
}

function chunksOf(
  key: string,
  source: Exclude<SourceConfig, FileSource>,
  options: FeedOptions,
): AsyncIterable<Chunk> | Promise<AsyncIterable<Chunk>> {
  const { signal, maxLine } = options;
  const onEvent = tell(options);
  const position = options.positions.find((news) => news.source === key)?.position;
  if (source.kind === 'stdin') return standardInput({ signal, maxLine, onEvent });
  if (source.kind === 'btmp') return followUtmp(source.path, { signal, onEvent, position: position as FilePosition });
  if (source.kind === 'syslog') return listenSyslog(source.listen, { signal, maxLine, onEvent });
  const { matches, directory, files, namespace } = source;
  return followJournal({
    signal,
    maxLine,
    onEvent,
    position: position as JournalPosition | undefined,
    journalmatch: matches,
    ...(directory !== undefined && { directory }),
    ...(files && { files }),
    ...(namespace !== undefined && { namespace }),
  });
}

/** Opened when somebody reads it: an open socket that nobody reads would keep the thread from its end. */
async function* standardInput(options: StreamOptions): AsyncGenerator<Chunk> {
  yield* readStream(openStdin(), 'standard input', options);
}
