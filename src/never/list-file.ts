import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { DropsetError, messageOf } from '../model/errors.js';
import { type List, parseList } from './entries.js';

/** Bytes of a list. */
const LONGEST = 1024 * 1024;

/** Reads a list. @throws DropsetError `source` for one that cannot be read, is no file, or is larger than 1 MiB. */
export function readList(path: string): List {
  let descriptor: number | undefined;
  try {
    // Without waiting for the writer of a named pipe.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error('it is no file');
    if (stat.size > LONGEST) throw new Error(`it has more than ${LONGEST} bytes`);
    const bytes = Buffer.alloc(LONGEST);
    return parseList(bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, LONGEST, 0)));
  } catch (thrown) {
    throw new DropsetError('source', `reading the never-list ${path}: ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
