import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { DropsetError, messageOf } from '../model/errors.js';

/** Bytes. A thousand jails take a tenth of it; what is larger is some other file. */
const LARGEST = 1024 * 1024;

/**
 * The text of a configuration file.
 *
 * @throws DropsetError `config`, with the way out, if it is missing, unreadable, too large or no text.
 */
export function readConfigFile(path: string): string {
  const bytes = bytesOf(path);
  if (bytes.length > LARGEST) throw new DropsetError('config', `${path}: larger than 1 MiB; name the right file`);
  if (!isUtf8(bytes)) {
    throw new DropsetError('config', `${path}:${brokenLine(bytes)}: not UTF-8; save the file in that encoding`);
  }
  return bytes.toString('utf8');
}

function bytesOf(path: string): Buffer {
  let descriptor = -1;
  try {
    // Not blocking: the open of a pipe that nobody writes would wait for ever.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(descriptor).isFile()) throw new DropsetError('config', `${path}: no regular file; name a file`);
    return firstBytes(descriptor);
  } catch (error) {
    throw error instanceof DropsetError ? error : new DropsetError('config', sentence(path, error), { cause: error });
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

/** One byte more than is allowed, not the size by stat: a file may grow meanwhile. */
function firstBytes(descriptor: number): Buffer {
  const bytes = Buffer.alloc(LARGEST + 1);
  let length = 0;
  for (let count = -1; count !== 0 && length < bytes.length; length += count) {
    count = readSync(descriptor, bytes, length, bytes.length - length, null);
  }
  return bytes.subarray(0, length);
}

function sentence(path: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return `${path}: no such file; write one (an empty file is enough to start), or name another`;
  if (code === 'EACCES') return `${path}: may not be read; run as root, or give this user the right to read it`;
  return `${path}: cannot be read: ${messageOf(error)}`;
}

function brokenLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}
