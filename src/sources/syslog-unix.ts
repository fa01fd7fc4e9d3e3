import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { DropsetError } from '../model/errors.js';
import { native, type Socket } from '../native.js';
import type { UnixEndpoint } from './syslog-endpoint.js';
import type { Intake } from './syslog-intake.js';
import type { OpenEndpoint } from './syslog-udp.js';

/** errno.h */
const [ENOENT, EADDRINUSE, ECONNREFUSED] = [2, 98, 111];

/**
 * A datagram socket in the file system, as /dev/log is one. A sender waits while the kernel's queue is full
 * (net.unix.max_dgram_qlen), and so while the intake is.
 *
 * @param mode of the socket: who may write to it may blame any address.
 * @throws DropsetError `busy` if somebody listens there, `source` for what is no socket; the errno of bind or chmod.
 */
export function openUnix({ path }: UnixEndpoint, intake: Intake, mode: number): OpenEndpoint {
  const socket = bound(path);
  const { ino } = lstatSync(path);
  chmodSync(path, mode);
  const host = hostname();
  native.listen(socket, (datagram) => {
    if (datagram) intake.accept(datagram, host);
    if (intake.isFull) native.pause(socket, true);
  });
  intake.onRoom = () => native.pause(socket, false);
  const close = (): void => {
    intake.onRoom = () => undefined;
    native.close(socket);
    // Unless somebody has taken the path over.
    if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true });
  };
  return { close };
}

function bound(path: string): Socket {
  try {
    return native.bindDatagram(path);
  } catch (error) {
    if (errnoOf(error) !== EADDRINUSE) throw error;
  }
  if (!lstatSync(path).isSocket()) {
    throw new DropsetError('source', `${path} is there and is no socket; name another path, or move it away`);
  }
  if (isListenedTo(path)) {
    throw new DropsetError('busy', `somebody listens on ${path} already; name another path, or stop that program`);
  }
  rmSync(path, { force: true });
  return native.bindDatagram(path);
}

/** A socket whose owner is gone refuses. One of another type does not, so it has an owner. */
function isListenedTo(path: string): boolean {
  try {
    native.probeDatagram(path);
    return true;
  } catch (error) {
    return errnoOf(error) !== ECONNREFUSED && errnoOf(error) !== ENOENT;
  }
}

const errnoOf = (error: unknown): unknown => (error as { errno?: unknown }).errno;
