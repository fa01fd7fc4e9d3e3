import type { Readable } from 'node:stream';
import type { Chunk } from './chunk.js';
import type { SourceEvent } from './event.js';
import type { Piece } from './lines.js';
import { StreamLines } from './stream-lines.js';

export interface StreamOptions {
  /** Ends the iteration, without an error, and destroys the stream. */
  readonly signal?: AbortSignal;
  /** Longer lines are cut, in bytes; 65,536 where absent. */
  readonly maxLine?: number;
  readonly onEvent?: (event: SourceEvent) => void;
}

/**
 * Lines of a stream of bytes, to its end: standard input, a pipe, what is unpacked. A last line without a newline counts. The
 * stream is read no faster than chunks are taken, and destroyed when the consumer stops.
 *
 * @param name as an operator would call it.
 * @throws what the stream fails with.
 */
export async function* readStream(
  readable: Readable,
  name: string,
  options: StreamOptions = {},
): AsyncGenerator<Chunk> {
  const { signal, maxLine = 65_536, onEvent } = options;
  const lines = new StreamLines({ maxLine, onOversized: (length) => onEvent?.(oversized(name, length)) });
  const chunkOf = (piece: Piece): Chunk => ({ source: name, ...piece });
  const stop = (): void => void readable.destroy();
  signal?.addEventListener('abort', stop);
  try {
    if (signal?.aborted) return stop();
    for await (const bytes of readable) {
      lines.push(Buffer.from(bytes));
      for (let piece = lines.next(); piece; piece = lines.next()) yield chunkOf(piece);
    }
    const last = lines.last();
    if (last) yield chunkOf(last);
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** The event of a line that was cut. */
export const oversized = (path: string, length: number): SourceEvent => ({
  kind: 'oversized',
  path,
  message: `${path} has a line of ${length} bytes, which was cut`,
});
