import type { Clock } from '../model/clock.js';
import type { Chunk, Position } from '../sources/chunk.js';
import type { PositionNews } from './messages.js';

/** Lines of one source, or of all files, and who wants them. */
export interface Feed {
  readonly name: string;
  readonly chunks: AsyncIterable<Chunk>;
  /** Names of the jails that read what the chunk came from, as it is when it is asked. */
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
  /** Where sources were left by an earlier life. */
  readonly positions: readonly PositionNews[];
  readonly now: Clock;
  /** Bytes of a line that are read. */
  readonly maxLine: number;
  /** Told what an operator should know. */
  readonly onEvent: (sentence: string) => void;
}

/** Sentences of events that an operator knows already are not worth telling: that a log is there, or was rotated. */
const QUIET = new Set(['opened', 'rotated']);

/** As sources want it. */
export const tell =
  ({ onEvent }: Pick<FeedOptions, 'onEvent'>) =>
  ({ kind, message }: { readonly kind: string; readonly message: string }): void => {
    if (!QUIET.has(kind)) onEvent(message);
  };
