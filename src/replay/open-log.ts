import { type Stats, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Chunk } from '../sources/chunk.js';
import { readJournalExport, readLoginRecords } from '../sources/recorded.js';
import { readStream, type StreamOptions } from '../sources/stream.js';
import { openWhole } from '../sources/whole.js';

/** What lies in a log: lines that begin with a date, what `journalctl -o json` printed, records of failed logins. */
export type LogKind = 'lines' | 'journal' | 'btmp';

/** A log that is to be replayed. */
export interface OpenLog {
  /** As the command line names it: a path, or `standard input`. */
  readonly name: string;
  /** Absolute; undefined for standard input. */
  readonly path: string | undefined;
  readonly kind: LogKind;
  /** Bytes; undefined where nobody knows before the end, and for what is packed. */
  readonly size: number | undefined;
  /** Whether `chunks` can be asked for more than once. */
  readonly canReopen: boolean;
  readonly chunks: () => AsyncIterable<Chunk>;
}

/** Bytes that tell what a log is. */
const BEGINNING = 4096;

/**
 * Opens a log as the command line names it: `-` for standard input, or the path of a file; `.gz` is unpacked.
 *
 * @throws DropsetError `source`, for a path that leads to nothing that can be read.
 */
export async function openLog(word: string, stdin: Readable, options: StreamOptions): Promise<OpenLog> {
  if (word === '-') return openStandardInput(stdin, options);
  const path = resolve(word);
  const size = sizeOf(word);
  const kind = await kindOfFile(path, word);
  const chunks = (): AsyncIterable<Chunk> => chunksOf(openWhole(path), kind, word, options);
  // A named pipe can be read once.
  return {
    name: word,
    path,
    kind,
    size: word.endsWith('.gz') ? undefined : size,
    canReopen: size !== undefined,
    chunks,
  };
}

/** Undefined for what is no regular file. */
function sizeOf(path: string): number | undefined {
  const found = statOf(path);
  if (!found) throw new DropsetError('source', `there is no file ${path}`);
  if (found.isDirectory()) throw new DropsetError('source', `${path} is a directory; name the files in it`);
  return found.isFile() ? found.size : undefined;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new DropsetError('source', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function kindOfFile(path: string, word: string): Promise<LogKind> {
  if (/^btmp\b/.test(basename(path))) return 'btmp';
  if (sizeOf(word) === undefined) return 'lines';
  const stream = openWhole(path);
  try {
    for await (const bytes of stream) return kindOf(bytes);
    return 'lines';
  } catch (error) {
    throw new DropsetError('source', `${word} cannot be read: ${messageOf(error)}`, { cause: error });
  } finally {
    stream.destroy();
  }
}

/** journalctl prints the cursor first. */
const kindOf = (bytes: Buffer): LogKind =>
  /^\s*\{(?=.{0,4000}"__(?:CURSOR|REALTIME_TIMESTAMP)")/s.test(bytes.toString('latin1', 0, BEGINNING))
    ? 'journal'
    : 'lines';

async function openStandardInput(stdin: Readable, options: StreamOptions): Promise<OpenLog> {
  const name = 'standard input';
  const pieces = stdin[Symbol.asyncIterator]();
  const first = await pieces.next();
  const kind = first.done ? 'lines' : kindOf(Buffer.from(first.value));
  async function* all(): AsyncGenerator<Buffer> {
    for (let piece = first; !piece.done; piece = await pieces.next()) yield Buffer.from(piece.value);
  }
  const chunks = (): AsyncIterable<Chunk> => chunksOf(Readable.from(all()), kind, name, options);
  return { name, path: undefined, kind, size: undefined, canReopen: false, chunks };
}

function chunksOf(stream: Readable, kind: LogKind, name: string, options: StreamOptions): AsyncIterable<Chunk> {
  if (kind === 'journal') return readJournalExport(stream, name, options);
  if (kind === 'btmp') return readLoginRecords(stream, name);
  return readStream(stream, name, options);
}
