import { constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';

/**
 * A stream of what comes from a descriptor, which can be destroyed while nothing comes: a read of a pipe by node:fs would hold its
 * thread until somebody writes, and nobody could end it. The descriptor itself stays open, and blocking for others who have it.
 */
export function openInput(descriptor: number): Readable {
  if (isatty(descriptor)) return new ReadStream(reopened(descriptor));
  const stat = fstatSync(descriptor);
  if (stat.isFIFO()) return new Socket({ fd: reopened(descriptor), readable: true, writable: false });
  if (stat.isSocket()) return new Socket({ fd: descriptor, readable: true, writable: false });
  return createReadStream('', { fd: descriptor, autoClose: false });
}

const reopened = (descriptor: number): number =>
  openSync(`/proc/self/fd/${descriptor}`, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
