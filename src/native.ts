/** The only door to the addon in native/. It knows descriptors and bytes; what they mean is decided by who imports this. */
import { createRequire } from 'node:module';

/** One socket. Closed by `close`, or when it is collected. */
export interface Socket {
  /** Bytes, as the kernel accounts them: a message may be as large, less 32. */
  readonly sendBuffer: number;
  readonly receiveBuffer: number;
}

/** A netlink socket. */
export interface Channel extends Socket {
  /** The port that the kernel gave it: the socket's address, and a table's owner. */
  readonly portid: number;
}

export interface Replies {
  /** Whole netlink datagrams, one behind the other. */
  readonly replies: Buffer;
  /** Reading stopped at the limit; call again without a request for the rest. */
  readonly more: boolean;
  /** The kernel had no room for some reply (ENOBUFS). */
  readonly overrun: boolean;
}

/** What the addon throws and rejects with: a failed system call. */
export interface SystemError extends Error {
  /** Positive, as in errno.h. */
  readonly errno: number;
  readonly syscall: string;
}

export interface Native {
  /** @throws SystemError */
  open(protocol: number, sendBuffer: number, receiveBuffer: number): Channel;
  /** Joins a multicast group. @throws SystemError */
  join(channel: Channel, group: number): void;
  /** Sends `request` (unless null) in one piece and reads replies until none is left or `limit` bytes are there. */
  exchange(channel: Channel, request: Buffer | null, limit: number): Promise<Replies>;
  /** Calls back with each datagram, and with null where the kernel had to drop some, until it is closed. */
  listen(socket: Socket, callback: (datagram: Buffer | null) => void): void;
  /** While it is paused, nobody is called back, and datagrams wait in the kernel. Only behind `listen`. */
  pause(socket: Socket, paused: boolean): void;
  /** Binds a unix datagram socket, with mode 0600. The path stays when it is closed. @throws SystemError */
  bindDatagram(path: string): Socket;
  /** Returns if a datagram socket listens at the path. @throws SystemError ECONNREFUSED if its owner is gone. */
  probeDatagram(path: string): void;
  /** A second time is a SystemError EBADF. A running exchange is finished first. */
  close(socket: Socket): void;
  /** sizeof and offsetof of the kernel's structures, by name. */
  readonly layout: Readonly<Record<string, number>>;
}

/** Same distance from src/ and from dist/. */
const ADDON = '../build/Release/dropset.node';

export const native: Native = createRequire(import.meta.url)(ADDON);
