import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Chunk } from './chunk.js';
import { readStream, type StreamOptions } from './stream.js';

/** Large, because a job of the thread pool costs more than what it reads. */
const PIECE = 1024 * 1024;

/**
 * A file from its beginning to its end, for tools; what ends in `.gz` is unpacked on the way (offsets count unpacked bytes). A
 * last line without a newline counts.
 *
 * @throws the errno of open or read, or zlib's error (Z_DATA_ERROR, Z_BUF_ERROR) for what is no gzip or was cut off.
 */
export const readWhole = (path: string, options: StreamOptions = {}): AsyncGenerator<Chunk> =>
  readStream(openWhole(path), path, options);

/** The bytes that `readWhole` makes lines of. Destroying it closes the file. */
export function openWhole(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: PIECE });
  if (!path.endsWith('.gz')) return file;
  const unpacked = createGunzip({ chunkSize: PIECE });
  // Each end of the pipe ends the other one; what went wrong is thrown by the unpacked side.
  pipeline(file, unpacked).catch((error) => unpacked.destroy(error));
  return unpacked;
}
