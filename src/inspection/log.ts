import { type Stats, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { decoderOf } from '../detection/decode.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Scanner } from '../scan/scanner.js';
import type { Chunk } from '../sources/chunk.js';
import { readStream } from '../sources/stream.js';
import { readWhole } from '../sources/whole.js';

/** A line of a log, without its line break. */
export interface LogLine {
  readonly text: string;
  /** Whether all of it is ASCII. */
  readonly isAscii: boolean;
}

/** A log to read. */
export interface Log {
  /** As an operator would call it: a path, `standard input`, `the text given`. */
  readonly name: string;
  /** Bytes; undefined where nobody knows before the end, and for what is packed. */
  readonly size?: number;
  readonly chunks: AsyncIterable<Chunk>;
}

/** Lines that follow each other. */
export interface LogPart {
  readonly lines: readonly LogLine[];
  /** How much of the log has been read with them, from 0 to 1; undefined where nobody knows its size. */
  readonly part: number | undefined;
}

/**
 * Opens a log as the command line names it: `-` for standard input, the path of a file (`.gz` is unpacked), or else the
 * text of a line, or of several. What looks like a path and is none is no text.
 *
 * @throws DropsetError `source`, for a path that leads to nothing that can be read.
 */
export function openLog(log: string, stdin: Readable): Log {
  if (log === '-') return { name: 'standard input', chunks: readStream(stdin, 'standard input') };
  const found = statusOf(log);
  if (found?.isDirectory()) throw new DropsetError('source', `${log} is a directory; name a file in it`);
  if (found) {
    const isPlain = found.isFile() && !log.endsWith('.gz');
    return { name: log, chunks: readWhole(log), ...(isPlain && { size: found.size }) };
  }
  if (/^\.{0,2}\/\S*$/.test(log)) throw new DropsetError('source', `there is no file ${log}`);
  return { name: 'the text given', chunks: readStream(Readable.from([Buffer.from(log)]), 'the text given') };
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A line of a log may be longer than any name, and may have zero bytes in it.
    if (code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE') return undefined;
    throw new DropsetError('source', `${path} cannot be read: ${message}`, { cause: error });
  }
}

/**
 * The lines of a log, some thousand at a time.
 *
 * @param encoding a label of the WHATWG Encoding Standard, of an encoding that contains ASCII.
 * @throws DropsetError `source`, where the log cannot be read.
 */
export async function* linesOf({ name, size, chunks }: Log, encoding: string): AsyncGenerator<LogPart> {
  const [decode, scanner] = [decoderOf(encoding), new Scanner([], { stopsAlways: true })];
  try {
    for await (const chunk of chunks) {
      const lines: LogLine[] = [];
      scanner.take(chunk.bytes);
      while (scanner.next()) {
        const { start, end, isAscii } = scanner;
        lines.push({ text: decode(chunk, { start, end, isAscii }), isAscii });
      }
      const part = size ? Math.min((chunk.offset + chunk.bytes.length) / size, 1) : undefined;
      yield { lines, part };
    }
  } catch (error) {
    throw new DropsetError('source', `${name} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
