/** The only door to the addon in native/. It knows descriptors and bytes; what they mean is decided by who imports this. */
import { createRequire } from 'node:module';

/** One netlink socket. Closed by `close`, or when it is collected. */
export interface Channel {
  /** The port that the kernel gave it: the socket's address, and a table's owner. */
  readonly portid: number;
  /** Bytes, as the kernel accounts them: a message may be as large, less 32. */
  readonly sendBuffer: number;
  readonly receiveBuffer: number;
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
  /** Calls back with each datagram, and with null where the kernel had to drop some, until the channel is closed. */
  listen(channel: Channel, callback: (datagram: Buffer | null) => void): void;
  /** A second time is a SystemError EBADF. A running exchange is finished first. */
  close(channel: Channel): void;
  /** sizeof and offsetof of the kernel's structures, by name. */
  readonly layout: Readonly<Record<string, number>>;
}

/** Same distance from src/ and from dist/. */
const ADDON = '../build/Release/dropset.node';

export const native: Native = createRequire(import.meta.url)(ADDON);
