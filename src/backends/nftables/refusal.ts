import { DropsetError } from '../../model/errors.js';
import { type Fault, Refusal } from '../../model/refusal.js';
import { NetlinkError } from '../../netlink/failure.js';
import { elementAt } from './element-decoder.js';
import type { Transaction } from './transaction.js';

/** errno.h, those that mean something of their own here. */
const EPERM = 1;
const ENOENT = 2;
const EINTR = 4;
const EBADF = 9;
const EAGAIN = 11;
const ENOMEM = 12;
const EACCES = 13;
const EBUSY = 16;
const EEXIST = 17;
const EINVAL = 22;
const ENFILE = 23;
const EAFNOSUPPORT = 97;
const EPROTONOSUPPORT = 93;
const EOPNOTSUPP = 95;
const EMSGSIZE = 90;
const ENOBUFS = 105;

/** By kernel (nf_tables_api.c, nft_add_set_elem). */
const TAKEN = new Set([EBUSY, EEXIST]);
const PASSING = new Set([EINTR, EAGAIN, ENOMEM, ENOBUFS]);
const BACKEND = new Set([EPERM, ENOENT, EBADF, EACCES, EMSGSIZE, EOPNOTSUPP]);

function faultOf(errno: number): Fault {
  if (PASSING.has(errno)) return 'passing';
  return BACKEND.has(errno) ? 'backend' : 'element';
}

/** A refused batch of elements, with what the kernel pointed at. */
export function refusalOf(thrown: unknown, transaction: Transaction, table: string): unknown {
  if (!(thrown instanceof NetlinkError)) return thrown;
  const message = thrown.sequence === undefined ? undefined : transaction.message(thrown.sequence);
  const element = message && thrown.offset !== undefined ? elementAt(message, thrown.offset) : undefined;
  const sentence = `${element ? `element ${element}: ` : ''}${thrown.message}${wayOut(thrown.errno, table)}`;
  return new Refusal(faultOf(thrown.errno), sentence, { cause: thrown, ...(element && { element }) });
}

/** Whether an element stands with another number than the one that it was to have. */
export const isTaken = (thrown: unknown): boolean =>
  thrown instanceof Refusal && thrown.cause instanceof NetlinkError && TAKEN.has(thrown.cause.errno);

function wayOut(errno: number, table: string): string {
  if (errno === ENFILE) return '; the set is full: raise size in [backend] and restart';
  if (errno === ENOENT)
    return `; table inet ${table} or a set in it is gone; dropset builds it again: see dropset status`;
  if (errno === EPERM) return `; table inet ${table} belongs to another process, or CAP_NET_ADMIN was lost`;
  return '';
}

/** What kept us from opening, as a sentence with the way out. */
export function openingFailure(thrown: unknown, table: string): unknown {
  if (!(thrown instanceof NetlinkError)) return thrown;
  const { errno } = thrown;
  const options = { cause: thrown };
  if (errno === EPROTONOSUPPORT || errno === EAFNOSUPPORT || (errno === EINVAL && thrown.operation === 'probe')) {
    return new DropsetError(
      'unsupported',
      `this kernel has no nf_tables (${thrown.message}): run 'modprobe nf_tables', or set kind = "memory" in [backend] to try dropset without dropping`,
      options,
    );
  }
  if (errno === EPERM && thrown.operation === 'probe') {
    return new DropsetError(
      'permission',
      'CAP_NET_ADMIN is missing: run dropset as root, or give the service AmbientCapabilities=CAP_NET_ADMIN',
      options,
    );
  }
  if (errno === EPERM) {
    return new DropsetError(
      'busy',
      `table inet ${table} is owned by another process; is another dropset running? 'nft list table inet ${table}' names its owner`,
      options,
    );
  }
  return new DropsetError('kernel', `building table inet ${table}: ${thrown.message}`, options);
}
