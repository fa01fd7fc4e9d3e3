import { DropsetError } from '../../model/errors.js';
import { type Fault, Refusal } from '../../model/refusal.js';
import { NetlinkError } from '../../netlink/failure.js';
import type { Refused } from './table.js';

/** errno.h */
const EPERM = 1;
const EINTR = 4;
const EBADF = 9;
const EAGAIN = 11;
const ENOMEM = 12;
const EEXIST = 17;
const EOPNOTSUPP = 95;
const EAFNOSUPPORT = 97;
const ENOBUFS = 105;

const PASSING = new Set([EINTR, EAGAIN, ENOMEM, ENOBUFS]);
const BACKEND = new Set([EPERM, EBADF]);

function faultOf(errno: number): Fault {
  if (PASSING.has(errno)) return 'passing';
  return BACKEND.has(errno) ? 'backend' : 'element';
}

/** What the kernel said no to, with the element that is meant. */
export function refusalOf({ step: { prefix }, error }: Refused, table: number): Refusal {
  const options = { cause: error, element: prefix };
  if (error.errno === EEXIST) {
    const way = `'ip route show table ${table} ${prefix}' shows it`;
    return new Refusal(
      'element',
      `a route to ${prefix} that is not dropset's stands in table ${table}; ${way}`,
      options,
    );
  }
  return new Refusal(faultOf(error.errno), `route to ${prefix}: ${error.message}`, options);
}

/** A request of which nobody knows what came of it, or that could not be made. */
export function failureOf(thrown: unknown): unknown {
  if (!(thrown instanceof NetlinkError)) return thrown;
  return new Refusal(faultOf(thrown.errno), thrown.message, { cause: thrown });
}

/** What kept us from opening, as a sentence with the way out. */
export function openingFailure(thrown: unknown): unknown {
  if (!(thrown instanceof NetlinkError)) return thrown;
  const options = { cause: thrown };
  if (thrown.errno === EPERM) {
    return new DropsetError(
      'permission',
      'CAP_NET_ADMIN is missing: run dropset as root, or give the service AmbientCapabilities=CAP_NET_ADMIN',
      options,
    );
  }
  if (thrown.errno === EOPNOTSUPP || thrown.errno === EAFNOSUPPORT) {
    return new DropsetError(
      'unsupported',
      `this kernel has no routing tables beside its own, or no IPv6 (${thrown.message}): use another backend`,
      options,
    );
  }
  return new DropsetError('kernel', `opening the routing table: ${thrown.message}`, options);
}
