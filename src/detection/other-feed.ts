import { describeSource } from '../config/describe.js';
import type { FileSource, JailConfig, JournalSource, SourceConfig } from '../config/types.js';
import type { Chunk, FilePosition, JournalPosition, Position } from '../sources/chunk.js';
import { followJournal } from '../sources/journal.js';
import { openStdin } from '../sources/stdin.js';
import { readStream, type StreamOptions } from '../sources/stream.js';
import { listenSyslog } from '../sources/syslog.js';
import { followUtmp } from '../sources/utmp.js';
import { type Feed, type FeedOptions, tell } from './feed.js';

type OtherSource = Exclude<SourceConfig, FileSource>;

/** What is no file, and who reads it. */
export interface Wish {
  /** What it is called in the ledger. */
  readonly key: string;
  readonly source: OtherSource;
  readonly jails: readonly string[];
}

/** Everything but files that the jails read, each source once, however many jails read it. */
export function wishesOf(jails: readonly JailConfig[]): readonly Wish[] {
  const wishes = new Map<string, Wish & { jails: string[] }>();
  for (const { name, sources } of jails) {
    for (const source of sources) {
      if (source.kind === 'file') continue;
      const key = JSON.stringify(source);
      const known = wishes.get(key) ?? { key, source, jails: [] };
      known.jails.push(name);
      wishes.set(key, known);
    }
  }
  return [...wishes.values()];
}

/** One source that is no file: it goes on as long as some jail reads it. */
export class OtherFeed implements Feed {
  readonly name: string;
  readonly source: OtherSource;
  readonly chunks: AsyncIterable<Chunk>;
  readonly #key: string;
  readonly #closing: AbortController;
  #jails: readonly string[];

  private constructor({ key, source, jails }: Wish, chunks: AsyncIterable<Chunk>, closing: AbortController) {
    this.name = describeSource(source);
    this.source = source;
    this.chunks = chunks;
    this.#key = key;
    this.#jails = jails;
    this.#closing = closing;
  }

  /**
   * @param position where to go on.
   * @throws DropsetError, or the errno, of what cannot be opened.
   */
  static async open(wish: Wish, position: Position | undefined, options: FeedOptions): Promise<OtherFeed> {
    const closing = new AbortController();
    const signal = AbortSignal.any([options.signal, closing.signal]);
    const chunks = await chunksOf(wish.source, position, { ...options, signal });
    return new OtherFeed(wish, chunks, closing);
  }

  get key(): string {
    return this.#key;
  }

  get jails(): readonly string[] {
    return this.#jails;
  }

  set jails(names: readonly string[]) {
    this.#jails = names;
  }

  /** Its chunks end. What it has handed over already concerns nobody. */
  close(): void {
    this.#jails = [];
    this.#closing.abort();
  }

  readonly jailsOf = (): readonly string[] => this.#jails;
  readonly keyOf = (): string => this.#key;
  readonly positionAt = (): undefined => undefined;
  readonly positions = (): readonly [] => [];

  readonly behind = (): ReadonlyMap<string, number> => new Map();
}

/** Whether a cursor of one is a place in the other. */
export const isSameJournal = (one: OtherSource, other: OtherSource): boolean =>
  one.kind === 'journal' && other.kind === 'journal' && placeOf(one) === placeOf(other);

const placeOf = ({ directory, files, namespace }: JournalSource): string =>
  JSON.stringify([directory, files, namespace]);

function chunksOf(
  source: OtherSource,
  position: Position | undefined,
  options: FeedOptions,
): AsyncIterable<Chunk> | Promise<AsyncIterable<Chunk>> {
  const { signal, maxLine } = options;
  const onEvent = tell(options);
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
