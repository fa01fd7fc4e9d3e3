import { constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/**
 * Standard input as a stream that can be left at any time, from any thread. It is opened anew: the descriptor that the process was
 * started with is shared with whoever started it, and may not wait, or may. A pipe is read as the event loop reads sockets, since a
 * read that waits in the thread pool could not be called off.
 */
export function openStdin(descriptor = 0): Readable {
  const path = `/proc/self/fd/${descriptor}`;
  const stat = fstatSync(descriptor);
  // A socket cannot be opened anew.
  if (stat.isSocket()) return new Socket({ fd: descriptor, readable: true, writable: false });
  if (!stat.isFIFO()) return createReadStream(path);
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}
