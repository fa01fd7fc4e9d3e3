import { createReadStream, type Stats, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { decoderOf } from '../detection/decode.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Scanner } from '../scan/scanner.js';

/** A line of a log, without its line break. */
export interface LogLine {
  readonly text: string;
  /** Whether all of it is ASCII. */
  readonly isAscii: boolean;
}

/** A log to read. */
export interface Log {
  /** As an operator would call it: a path, `standard input`, `the line given`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array | string>;
  /** The part of it that has been read, from 0 to 1; undefined where nobody knows its size. */
  part(): number | undefined;
}

/** Bytes that are read at once: a job of the thread pool costs more than what it reads. */
const PIECE = 1 << 18;

/** Bytes of a line at most; longer ones are cut, as the service cuts them. */
const LONGEST = 65_536;

const NEWLINE = 10;

/**
 * Opens a log as the command line names it: `-` for standard input, the path of a file (`.gz` is unpacked), or else the
 * text of a line, or of several. What looks like a path and is none is no text.
 *
 * @throws DropsetError `request`, for a path that leads to nothing that can be read.
 */
export function openLog(log: string, stdin: AsyncIterable<Uint8Array | string>): Log {
  if (log === '-') return { name: 'standard input', bytes: stdin, part: () => undefined };
  const found = statusOf(log);
  if (found?.isDirectory()) throw new DropsetError('request', `${log} is a directory; name a file in it`);
  if (found) return openFile(log, found.size);
  if (/^\.{0,2}\/\S*$/.test(log)) throw new DropsetError('request', `there is no file ${log}`);
  return { name: 'the text given', bytes: given(log), part: () => undefined };
}

async function* given(text: string): AsyncGenerator<string> {
  yield text;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A line of a log may be longer than any name, and may have zero bytes in it.
    if (code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE') return undefined;
    throw new DropsetError('request', `${path} cannot be read: ${message}`, { cause: error });
  }
}

function openFile(path: string, size: number): Log {
  const file = createReadStream(path, { highWaterMark: PIECE });
  const part = (): number | undefined => (size > 0 ? Math.min(file.bytesRead / size, 1) : undefined);
  if (!path.endsWith('.gz')) return { name: path, bytes: file, part };
  const unpacked = createGunzip({ chunkSize: PIECE });
  // Each end of the pipe ends the other one; what went wrong is thrown by the unpacked side.
  pipeline(file, unpacked).catch((error) => unpacked.destroy(error));
  return { name: path, bytes: unpacked, part };
}

/**
 * The lines of a log, some thousand at a time. A last line without a newline counts.
 *
 * @param encoding a label of the WHATWG Encoding Standard, of an encoding that contains ASCII.
 * @throws DropsetError `request`, where the log cannot be read.
 */
export async function* linesOf({ name, bytes }: Log, encoding: string): AsyncGenerator<readonly LogLine[]> {
  const [decode, scanner] = [decoderOf(encoding), new Scanner([], { stopsAlways: true })];
  try {
    for await (const whole of wholeLines(bytes)) {
      const lines: LogLine[] = [];
      scanner.take(whole);
      while (scanner.next()) {
        const { start, end, isAscii } = scanner;
        const text = decode(
          { source: name, bytes: whole, offset: 0 },
          { start, end: Math.min(end, start + LONGEST), isAscii },
        );
        lines.push({ text, isAscii });
      }
      yield lines;
    }
  } catch (error) {
    throw new DropsetError('request', `${name} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Bytes that end with a newline each time. */
async function* wholeLines(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    const bytes = Buffer.from(piece as Uint8Array);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield held.length > 0 ? Buffer.concat([held, bytes.subarray(0, end)]) : bytes.subarray(0, end);
      held = bytes.subarray(end);
    } else if (held.length < LONGEST) held = Buffer.concat([held, bytes]);
  }
  if (held.length > 0) yield Buffer.concat([held, Buffer.from('\n')]);
}
